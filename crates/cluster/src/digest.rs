//! A short value that tells whether two clusters are the same.

use std::io;

use serde::Serialize;

/// 64 bits of FNV-1a over the JSON of a value, as 16 hexadecimal digits.
pub fn digest(value: &impl Serialize) -> String {
    let mut fnv = Fnv(0xcbf2_9ce4_8422_2325);
    serde_json::to_writer(&mut fnv, value).expect("plain data, into a writer that takes all");
    format!("{:016x}", fnv.0)
}

/// What a runtime calls a container: 256 bits as 64 digits, the same for the same text.
pub(crate) fn container_id(text: &str) -> String {
    let part = |n: u8| digest(&(n, text));
    format!("containerd://{}", (0..4).map(part).collect::<String>())
}

struct Fnv(u64);

impl io::Write for Fnv {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
