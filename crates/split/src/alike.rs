//! Functions that are alike, of which one is enough.
//!
//! What did not run is mostly the same few things over and over: no memory is left, an index is out
//! of bounds. As long as each place has a function of its own for that, what is around those places
//! differs, too, and nobody who comes later can tell that it does the same.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use walrus::{
    ElementItems, ExportItem, FunctionId, LocalFunction, LocalId, Module,
    ir::{Instr, InstrSeqId, VisitorMut, dfs_pre_order_mut},
};

/// Leaves one of each of these functions that do the same, and has it called instead of the others.
pub(crate) fn merge(module: &mut Module, functions: &mut BTreeSet<FunctionId>) {
    // Those that call different ones may be alike once these are one.
    while merge_once(module, functions) {}
}

/// Whether there were some.
fn merge_once(module: &mut Module, functions: &mut BTreeSet<FunctionId>) -> bool {
    let mut kept: BTreeMap<String, FunctionId> = BTreeMap::new();
    let mut instead = Instead::default();
    for &id in functions.iter() {
        let function = module.funcs.get(id).kind.unwrap_local();
        let one = *kept.entry(Telling::of(module, function)).or_insert(id);
        if one != id {
            instead.0.insert(id, one);
        }
    }
    for (_, function) in module.funcs.iter_local_mut() {
        let entry = function.entry_block();
        dfs_pre_order_mut(&mut instead, function, entry);
    }
    for element in module.elements.iter_mut() {
        if let ElementItems::Functions(ids) = &mut element.items {
            ids.iter_mut().for_each(|id| instead.put(id));
        }
    }
    for export in module.exports.iter_mut() {
        if let ExportItem::Function(id) = &mut export.item {
            instead.put(id);
        }
    }
    for id in instead.0.keys() {
        functions.remove(id);
        module.funcs.delete(*id);
    }
    !instead.0.is_empty()
}

/// By which functions others are replaced.
#[derive(Default)]
struct Instead(BTreeMap<FunctionId, FunctionId>);

impl Instead {
    fn put(&self, id: &mut FunctionId) {
        *id = self.0.get(id).copied().unwrap_or(*id);
    }
}

impl VisitorMut for Instead {
    fn visit_function_id_mut(&mut self, id: &mut FunctionId) {
        self.put(id);
    }
}

/// What a function does, in words that are the same for those that do the same: its locals and
/// sequences go by the order in which they are met.
struct Telling<'a> {
    module: &'a Module,
    function: &'a LocalFunction,
    locals: BTreeMap<LocalId, usize>,
    seqs: BTreeMap<InstrSeqId, usize>,
    told: String,
}

impl<'a> Telling<'a> {
    fn of(module: &'a Module, function: &'a LocalFunction) -> String {
        let mut telling = Self {
            module,
            function,
            locals: BTreeMap::new(),
            seqs: BTreeMap::new(),
            told: format!("{:?}", function.ty()),
        };
        for local in &function.args {
            telling.local("argument", *local);
        }
        telling.seq(function.entry_block());
        telling.told
    }

    fn seq(&mut self, id: InstrSeqId) {
        self.seqs.insert(id, self.seqs.len());
        let seq = self.function.block(id);
        self.tell(format_args!("{:?} {{", seq.ty));
        for (instr, _) in &seq.instrs {
            self.instr(instr);
        }
        self.tell(format_args!("}}"));
    }

    fn instr(&mut self, instr: &Instr) {
        match instr {
            Instr::LocalGet(it) => self.local("get", it.local),
            Instr::LocalSet(it) => self.local("set", it.local),
            Instr::LocalTee(it) => self.local("tee", it.local),
            Instr::Block(it) => {
                self.tell(format_args!("block "));
                self.seq(it.seq);
            }
            Instr::Loop(it) => {
                self.tell(format_args!("loop "));
                self.seq(it.seq);
            }
            Instr::IfElse(it) => {
                self.tell(format_args!("if "));
                self.seq(it.consequent);
                self.seq(it.alternative);
            }
            Instr::Br(it) => self.branch("br", &[it.block]),
            Instr::BrIf(it) => self.branch("br_if", &[it.block]),
            Instr::BrTable(it) => {
                self.branch("br_table", &it.blocks);
                self.branch("else", &[it.default]);
            }
            other => self.tell(format_args!("{other:?};")),
        }
    }

    fn local(&mut self, does: &str, id: LocalId) {
        let next = self.locals.len();
        let number = *self.locals.entry(id).or_insert(next);
        let ty = self.module.locals.get(id).ty();
        self.tell(format_args!("{does} {number} {ty};"));
    }

    fn branch(&mut self, does: &str, to: &[InstrSeqId]) {
        let to: Vec<_> = to.iter().map(|seq| self.seqs.get(seq).copied()).collect();
        self.tell(format_args!("{does} {to:?};"));
    }

    fn tell(&mut self, words: std::fmt::Arguments) {
        let _ = self.told.write_fmt(words);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_functions_that_do_the_same_one_is_left() {
        let program = r#"(module
          (table 2 funcref)
          (elem (i32.const 0) $c $d)
          (func $a (param i32) (result i32) (local i32)
            (block (br_if 0 (local.get 0)) (local.set 1 (i32.const 7)))
            (local.get 1))
          (func $b (param i32) (result i32) (local i64 i32)
            (block (br_if 0 (local.get 0)) (local.set 2 (i32.const 7)))
            (local.get 2))
          (func $other_constant (param i32) (result i32) (local i32)
            (block (br_if 0 (local.get 0)) (local.set 1 (i32.const 8)))
            (local.get 1))
          (func $other_local (param i32) (result i32) (local i32)
            (block (br_if 0 (local.get 1)) (local.set 1 (i32.const 7)))
            (local.get 1))
          (func $other_branch (param i32) (result i32) (local i32)
            (block (block (br_if 1 (local.get 0)) (local.set 1 (i32.const 7))))
            (local.get 1))
          (func $c (drop (call $a (i32.const 1))))
          (func $d (export "d") (drop (call $b (i32.const 1))))
          (func $not_asked_about (drop (call $b (i32.const 1)))))"#;
        let wasm = wat::parse_str(program).expect("valid");
        let mut module = crate::parse(&wasm).expect("valid");
        let name = |module: &Module, id| module.funcs.get(id).name.clone().unwrap_or_default();
        let all = module.funcs.iter_local().map(|(id, _)| id);
        let mut functions: BTreeSet<FunctionId> = all
            .filter(|id| name(&module, *id) != "not_asked_about")
            .collect();
        merge(&mut module, &mut functions);
        let mut left: Vec<String> = functions.iter().map(|id| name(&module, *id)).collect();
        left.sort();
        assert_eq!(
            left,
            ["a", "c", "other_branch", "other_constant", "other_local"]
        );
        assert_eq!(module.funcs.iter_local().count(), 6);
        // All that named the others names these, or it would not be a module.
        crate::parse(&module.emit_wasm()).expect("valid");
    }
}
