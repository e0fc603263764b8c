//! Writes what all fields mean, a line each: the page loads them as a file of its own.

fn main() {
    print!("{}", objects::schema::DESCRIPTIONS);
}
