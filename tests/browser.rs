//! Journeys through the page in a real browser, as its users take them:
//! `cargo xtask test browser` runs them on the last `dist/`.
//!
//! The page is served under a path of a host that has nothing else. Each
//! journey has a browser and a profile of its own, and ends with a look at
//! where its requests went and at the console. What the journeys do stands in
//! `journeys`; how a page is handled, in the files beside that.

mod browser {
    mod axe;
    mod chromium;
    mod console;
    mod dialogs;
    mod driver;
    mod editor;
    mod field;
    mod files;
    mod firefox;
    mod hosting;
    mod lesson;
    mod look;
    mod nodes;
    mod offline;
    mod page;
    mod server;
    mod side;
    mod start;
    mod tabs;
    mod time;
    mod view;
    mod visit;

    mod journeys {
        mod address;
        mod console;
        mod elements;
        mod files;
        mod frames;
        mod lessons;
        mod links;
        mod loading;
        mod look;
        mod many_nodes;
        mod nodes;
        mod offline;
        mod one_file;
        mod preview;
        mod reasons;
        mod rollout;
        mod start;
        mod text;
        mod time;
        mod views;
        mod work;
    }
}
