//! Which constant data the first needs.
//!
//! Of linked code the linker can tell (`--emit-relocs`) what each address in it is for: which object
//! a constant of the code points to, and which an object's own content. What nothing kept points to,
//! directly or through other objects, can come with the rest.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use walrus::{
    LocalFunction,
    ir::{Const, Load, MemArg, Store, Value, Visitor, dfs_in_order},
};
use wasmparser::{
    DataKind, KnownCustom, Linking, Operator, Parser, Payload, RelocationType, SymbolInfo,
};

use crate::Error;

/// Only what is never written can come later.
const CONSTANT: &str = ".rodata";
/// Shorter pieces are left where they are: to leave them out costs as much.
const PIECE_MIN: u32 = 8;

/// The objects of a linked module's data, and what points to them.
#[derive(Default)]
pub(crate) struct Layout {
    objects: Vec<Object>,
    /// What the addresses in the code are for. More than one: the end of one can be another's start.
    addresses: BTreeMap<u32, BTreeSet<usize>>,
}

struct Object {
    place: Range<u32>,
    is_constant: bool,
    points_to: BTreeSet<usize>,
}

impl Layout {
    /// Reads what the linker left in a module.
    pub(crate) fn of(linked: &[u8]) -> Result<Self, Error> {
        let mut segments: Vec<Segment> = Vec::new();
        let mut symbols = Vec::new();
        let mut relocations = Vec::new();
        let mut sections = Vec::new();
        for payload in Parser::new(0).parse_all(linked) {
            let payload = payload.map_err(Error::wasm)?;
            if let Some((id, range)) = payload.as_section() {
                sections.push((id, range.start));
            }
            match payload {
                Payload::DataSection(reader) => {
                    for data in reader {
                        let data = data.map_err(Error::wasm)?;
                        segments.push(Segment {
                            address: address_of(&data.kind)?,
                            name: String::new(),
                            file_at: data.range.end - data.data.len(),
                            len: data.data.len(),
                        });
                    }
                }
                Payload::CustomSection(section) => match section.as_known() {
                    KnownCustom::Linking(reader) => {
                        for part in reader.subsections() {
                            match part.map_err(Error::wasm)? {
                                Linking::SegmentInfo(names) => {
                                    for (segment, info) in segments.iter_mut().zip(names) {
                                        segment.name = info.map_err(Error::wasm)?.name.to_owned();
                                    }
                                }
                                Linking::SymbolTable(found) => {
                                    for symbol in found {
                                        symbols.push(match symbol.map_err(Error::wasm)? {
                                            SymbolInfo::Data { symbol, .. } => symbol,
                                            _ => None,
                                        });
                                    }
                                }
                                _ => {}
                            }
                        }
                    }
                    KnownCustom::Reloc(reader) => {
                        let section = reader.section_index() as usize;
                        for entry in reader.entries() {
                            relocations.push((section, entry.map_err(Error::wasm)?));
                        }
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        if symbols.is_empty() || relocations.is_empty() {
            return Err(Error::NotLinked);
        }

        let mut objects = Vec::new();
        let object_of: Vec<Option<usize>> = symbols
            .iter()
            .map(|symbol| {
                let symbol = symbol.as_ref()?;
                let segment = segments.get(symbol.index as usize)?;
                let start = segment.address + symbol.offset;
                objects.push(Object {
                    place: start..start + symbol.size,
                    is_constant: segment.name.starts_with(CONSTANT),
                    points_to: BTreeSet::new(),
                });
                Some(objects.len() - 1)
            })
            .collect();
        let mut layout = Self {
            objects,
            addresses: BTreeMap::new(),
        };
        for (section, entry) in relocations {
            use RelocationType::{MemoryAddrI32, MemoryAddrLeb, MemoryAddrSleb};
            if !matches!(entry.ty, MemoryAddrLeb | MemoryAddrSleb | MemoryAddrI32) {
                continue;
            }
            let Some(target) = object_of.get(entry.index as usize).copied().flatten() else {
                continue;
            };
            let Some((id, start)) = sections.get(section) else {
                continue;
            };
            match *id {
                CODE => {
                    let value = i64::from(layout.objects[target].place.start) + entry.addend;
                    let at = layout.addresses.entry(value as u32).or_default();
                    at.insert(target);
                }
                DATA => {
                    let file_at = start + entry.offset as usize;
                    let segment = segments
                        .iter()
                        .find(|it| (it.file_at..it.file_at + it.len).contains(&file_at));
                    let Some(segment) = segment else { continue };
                    let address = segment.address + (file_at - segment.file_at) as u32;
                    // Objects can share a place, as those of equal content do.
                    let holds = |it: &&mut Object| it.place.contains(&address);
                    for object in layout.objects.iter_mut().filter(holds) {
                        object.points_to.insert(target);
                    }
                }
                _ => {}
            }
        }
        Ok(layout)
    }

    /// The places of constant data that these functions, and all that is written, do not point to.
    pub(crate) fn unneeded<'a>(
        &self,
        functions: impl Iterator<Item = &'a LocalFunction>,
    ) -> Vec<Range<u32>> {
        let mut constants = Constants::default();
        for function in functions {
            dfs_in_order(&mut constants, function, function.entry_block());
        }
        let mut open: Vec<usize> = constants
            .0
            .iter()
            .filter_map(|it| self.addresses.get(it))
            .flatten()
            .copied()
            .chain((0..self.objects.len()).filter(|at| !self.objects[*at].is_constant))
            .collect();
        let mut needed: BTreeSet<usize> = open.iter().copied().collect();
        while let Some(at) = open.pop() {
            for to in &self.objects[at].points_to {
                if needed.insert(*to) {
                    open.push(*to);
                }
            }
        }
        // Where objects share bytes, one that is needed keeps them.
        let mut kept: Vec<Range<u32>> = needed
            .iter()
            .map(|at| self.objects[*at].place.clone())
            .collect();
        kept.sort_by_key(|it| it.start);
        let mut left: Vec<Range<u32>> = (0..self.objects.len())
            .filter(|at| !needed.contains(at))
            .map(|at| self.objects[at].place.clone())
            .collect();
        left.sort_by_key(|it| it.start);
        let left = merged(left);
        without(&left, &merged(kept))
            .into_iter()
            .filter(|it| it.len() as u32 >= PIECE_MIN)
            .collect()
    }
}

/// Sections by their number.
const CODE: u8 = 10;
const DATA: u8 = 11;

struct Segment {
    address: u32,
    name: String,
    file_at: usize,
    len: usize,
}

fn address_of(kind: &DataKind) -> Result<u32, Error> {
    if let DataKind::Active { offset_expr, .. } = kind
        && let Ok(Operator::I32Const { value }) = offset_expr.get_operators_reader().read()
    {
        return Ok(value as u32);
    }
    Err(Error::NotLinked)
}

/// Ranges in order of their starts, those that touch made one.
fn merged(ranges: Vec<Range<u32>>) -> Vec<Range<u32>> {
    let mut merged: Vec<Range<u32>> = Vec::new();
    for range in ranges.into_iter().filter(|it| !it.is_empty()) {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// What of the first is in none of the second; both merged.
fn without(ranges: &[Range<u32>], taken: &[Range<u32>]) -> Vec<Range<u32>> {
    let mut left = Vec::new();
    for range in ranges {
        let mut start = range.start;
        let from = taken.partition_point(|it| it.end <= range.start);
        for taken in taken[from..].iter().take_while(|it| it.start < range.end) {
            if start < taken.start {
                left.push(start..taken.start);
            }
            start = start.max(taken.end);
        }
        if start < range.end {
            left.push(start..range.end);
        }
    }
    left
}

/// The numbers in functions that can be addresses.
#[derive(Default)]
struct Constants(BTreeSet<u32>);

impl Constants {
    fn add_offset(&mut self, arg: &MemArg) {
        if let Ok(offset) = u32::try_from(arg.offset) {
            self.0.insert(offset);
        }
    }
}

impl Visitor<'_> for Constants {
    fn visit_const(&mut self, instr: &Const) {
        if let Value::I32(value) = instr.value {
            self.0.insert(value as u32);
        }
    }

    fn visit_load(&mut self, instr: &Load) {
        self.add_offset(&instr.arg);
    }

    fn visit_store(&mut self, instr: &Store) {
        self.add_offset(&instr.arg);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_is_not_left() {
        let ranges = merged(vec![0..4, 4..10, 20..30]);
        assert_eq!(ranges, [0..10, 20..30]);
        assert_eq!(
            without(&ranges, &[2..3, 8..22, 29..40]),
            [0..2, 3..8, 22..29]
        );
        assert_eq!(without(&ranges, &[]), ranges);
        assert!(without(&ranges, &merged(vec![0..30, 30..50])).is_empty());
    }
}
