//! A module that tells which of its stretches run.

use walrus::{
    FunctionKind, Module, ValType,
    ir::{Call, Const, InstrLocId, Value},
};

use crate::stretches::stretches;

/// Where the module asks for what is told: `ran(number)`, again each time.
pub const MODULE: &str = "first-step";
/// The function in it.
pub const FUNCTION: &str = "ran";

/// Puts a call before every stretch; gives how many there are.
pub(crate) fn instrument(module: &mut Module) -> usize {
    let takes_number = module.types.add(&[ValType::I32], &[]);
    let (ran, _) = module.add_import_func(MODULE, FUNCTION, takes_number);
    let mut number = 0;
    for function in module.funcs.iter_mut() {
        let FunctionKind::Local(function) = &mut function.kind else {
            continue;
        };
        let mut calls = Vec::new();
        for stretch in stretches(function) {
            calls.push((stretch.seq, stretch.range.start, number));
            number += 1;
        }
        // From the last to the first, so that the places of those before stay right.
        for (seq, at, number) in calls.into_iter().rev() {
            let value = Value::I32(number);
            let call = [Const { value }.into(), Call { func: ran }.into()]
                .map(|instr| (instr, InstrLocId::default()));
            function.block_mut(seq).instrs.splice(at..at, call);
        }
    }
    number as usize
}
