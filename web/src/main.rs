//! Puts the page into its frame.

fn main() {
    web::start();
}
