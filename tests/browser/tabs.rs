//! Two tabs of one browser.

use thirtyfour::WindowHandle;

use super::page::Page;

impl Page {
    pub(crate) async fn this_tab(&self) -> WindowHandle {
        let window = self.browser.session().window().await;
        window.unwrap_or_else(|error| panic!("no tab: {error}"))
    }

    /// Opens the page once more beside this tab, and goes there.
    pub(crate) async fn open_another_tab(&self) -> WindowHandle {
        let tab = self.browser.session().new_tab().await;
        let tab = tab.unwrap_or_else(|error| panic!("no other tab: {error}"));
        self.go_to_tab(&tab).await;
        self.open_at("").await;
        tab
    }

    pub(crate) async fn go_to_tab(&self, tab: &WindowHandle) {
        let gone = self.browser.session().switch_to_window(tab.clone()).await;
        gone.unwrap_or_else(|error| panic!("cannot go to a tab: {error}"));
    }
}
