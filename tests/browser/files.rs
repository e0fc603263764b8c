//! Files that the page saves, and takes.

use std::fs;

use serde_json::json;

use super::page::Page;

impl Page {
    /// Presses a button of the window that is open, and returns what is saved under this name.
    pub(crate) async fn saves(&self, button: &str, name: &str) -> Vec<u8> {
        let directory = self.browser.downloads();
        self.click(button).await;
        self.wait_for(&format!("{name} is saved"), async || {
            let found = fs::read_dir(&directory).map(|all| all.flatten().collect::<Vec<_>>());
            match fs::read(directory.join(name)) {
                // Its place is taken before it comes.
                Ok(bytes) if bytes.is_empty() => Err(format!("it is empty; there are {found:?}")),
                Ok(bytes) => Ok(bytes),
                Err(error) => Err(format!("{error}; there are {found:?}")),
            }
        })
        .await
    }

    /// Chooses a file with this text in the window for imports.
    pub(crate) async fn import_file(&self, name: &str, text: &str) {
        let directory = self.browser.downloads();
        fs::create_dir_all(&directory).expect("a directory can be made");
        let file = directory.join(name);
        fs::write(&file, text).expect("a file can be written");
        self.open_dialog("import").await;
        let path = file.to_str().expect("the path is text").to_owned();
        self.press_in("import-file", path).await;
        self.dialog_closes().await;
    }

    /// Drops a file with this text on the page.
    pub(crate) async fn drops_a_file(&self, name: &str, text: &str) {
        let script = r#"
            const [name, text] = arguments;
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([text], name));
            const target = document.querySelector("main");
            for (const type of ["dragenter", "dragover", "drop"]) {
                target.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
            }
        "#;
        self.browser.run(script, [json!(name), json!(text)]).await;
    }

    /// So many bytes of nothing, deflated, in the letters of a link.
    pub(crate) async fn packs_many_blanks(&self, bytes: u32) -> String {
        let script = r#"
            const blanks = new Blob(Array(arguments[0] >> 20).fill(" ".repeat(1 << 20)));
            const packed = blanks.stream().pipeThrough(new CompressionStream("deflate-raw"));
            return (async () => {
                const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
                let text = "";
                for (const byte of bytes) text += String.fromCharCode(byte);
                return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
            })();
        "#;
        let packed = self.browser.run(script, [json!(bytes)]).await;
        packed.as_str().expect("it is text").to_owned()
    }
}
