//! The stretches of a function: instructions that run as a whole or not at all.

use std::ops::Range;

use walrus::{
    LocalFunction,
    ir::{Instr, InstrSeqId},
};

/// Consecutive instructions of one sequence. It is entered at its first and left after its last,
/// but for traps.
#[derive(Debug, Clone)]
pub(crate) struct Stretch {
    pub(crate) seq: InstrSeqId,
    pub(crate) range: Range<usize>,
}

/// All stretches of a function, in an order that is the same for the same function.
pub(crate) fn stretches(function: &LocalFunction) -> Vec<Stretch> {
    let mut found = Vec::new();
    let mut open = vec![function.entry_block()];
    while let Some(seq) = open.pop() {
        let instrs = &function.block(seq).instrs;
        let mut start = 0;
        for (at, (instr, _)) in instrs.iter().enumerate() {
            let inner = inner(instr);
            if !inner.is_empty() || matches!(instr, Instr::BrIf(_)) {
                found.push(Stretch {
                    seq,
                    range: start..at + 1,
                });
                start = at + 1;
            }
            open.extend(inner);
        }
        if start < instrs.len() {
            found.push(Stretch {
                seq,
                range: start..instrs.len(),
            });
        }
    }
    found
}

/// The sequences that an instruction holds; those of exceptions, which the page does without, are
/// left alone.
pub(crate) fn inner(instr: &Instr) -> Vec<InstrSeqId> {
    match instr {
        Instr::Block(block) => vec![block.seq],
        Instr::Loop(block) => vec![block.seq],
        Instr::IfElse(arms) => vec![arms.consequent, arms.alternative],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use walrus::{FunctionBuilder, Module, ValType};

    use super::*;

    #[test]
    fn a_stretch_ends_where_the_way_can_part() {
        let mut module = Module::default();
        let mut builder = FunctionBuilder::new(&mut module.types, &[ValType::I32], &[]);
        let local = module.locals.add(ValType::I32);
        builder
            .func_body()
            .i32_const(1)
            .drop()
            .block(None, |block| {
                let out = block.id();
                block.local_get(local).br_if(out).i32_const(2).drop();
            })
            .i32_const(3)
            .drop();
        let function = builder.local_func(vec![local]);
        let entry = function.entry_block();
        let found: Vec<_> = stretches(&function)
            .into_iter()
            .map(|it| (it.seq == entry, it.range))
            .collect();
        assert_eq!(
            found,
            [(true, 0..3), (true, 3..5), (false, 0..2), (false, 2..4)]
        );
    }
}
