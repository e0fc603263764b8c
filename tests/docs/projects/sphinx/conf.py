project = "Daemons"
extensions = ["myst_parser"]
