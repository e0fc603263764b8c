//! What did not run, out of functions that did: each such region becomes a function.
//!
//! Compilers put what is rare (an error's message, the arm of a match for another command) into
//! the functions that ask for it, so of the code of functions that run, more than half does not.
//!
//! A region is a row of stretches of one sequence. What it needs of the function's locals becomes
//! parameters, what it leaves in them results, and where it goes on from there, if there is more
//! than one way, a number, the last result.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Range,
};

use walrus::{
    FunctionBuilder, FunctionId, FunctionKind, LocalFunction, LocalId, Module, ValType,
    ir::{
        BinaryOp, Binop, Block, Br, BrIf, BrTable, Call, Const, IfElse, Instr, InstrLocId,
        InstrSeqId, InstrSeqType, LocalGet, LocalSet, Loop, Return, Unreachable, Value,
    },
};

use crate::stretches::{inner, stretches};

/// A region is worth a function if it has so many more instructions than what stands in its place.
const GAIN_MIN: usize = 2;

/// Takes the regions that did not run out of the functions that did. `ran` has an entry for each
/// stretch, as [`crate::record::instrument`] counts them. Gives the functions that are not needed
/// until something runs that did not: the new ones, and those of which nothing ran.
pub(crate) fn outline(module: &mut Module, ran: &[bool]) -> BTreeSet<FunctionId> {
    let mut rest = BTreeSet::new();
    let mut ran = ran.iter().copied();
    let functions: Vec<FunctionId> = module.funcs.iter_local().map(|(id, _)| id).collect();
    for id in functions {
        let function = module.funcs.get(id).kind.unwrap_local();
        let stretches = stretches(function);
        let ran: Vec<bool> = ran.by_ref().take(stretches.len()).collect();
        if !ran.contains(&true) {
            // What does nothing may have run, too; and to ask for it elsewhere would cost more.
            if function.size() > 0 {
                rest.insert(id);
            }
            continue;
        }
        let mut cold: BTreeMap<InstrSeqId, Vec<Range<usize>>> = BTreeMap::new();
        for (stretch, _) in stretches.into_iter().zip(&ran).filter(|(_, ran)| !**ran) {
            let ranges = cold.entry(stretch.seq).or_default();
            match ranges.last_mut() {
                Some(last) if last.end == stretch.range.start => last.end = stretch.range.end,
                _ => ranges.push(stretch.range),
            }
        }
        let mut regions = Vec::new();
        find(function, function.entry_block(), &cold, &mut regions);
        let live = Live::of(function, regions.iter().map(|it| (it.seq, it.range.end)));
        for region in regions {
            rest.extend(take_out(module, id, &region, &live));
        }
    }
    rest
}

struct Region {
    seq: InstrSeqId,
    range: Range<usize>,
}

/// The outermost regions, inner sequences first and later ones before earlier ones, so that taking
/// out one leaves the places of the others as they are.
fn find(
    function: &LocalFunction,
    seq: InstrSeqId,
    cold: &BTreeMap<InstrSeqId, Vec<Range<usize>>>,
    found: &mut Vec<Region>,
) {
    let ranges = cold.get(&seq).map_or(&[][..], Vec::as_slice);
    for (at, (instr, _)) in function.block(seq).instrs.iter().enumerate() {
        if !ranges.iter().any(|range| range.contains(&at)) {
            for seq in inner(instr) {
                find(function, seq, cold, found);
            }
        }
    }
    found.extend(ranges.iter().rev().map(|range| Region {
        seq,
        range: range.clone(),
    }));
}

/// A way out of a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    /// To what stands after it.
    On,
    /// To where a branch to this sequence leads.
    Branch(InstrSeqId),
    /// Out of the function.
    Return,
}

/// Makes a region a function, unless it is too small for that, or branches with values.
fn take_out(
    module: &mut Module,
    id: FunctionId,
    region: &Region,
    live: &Live,
) -> Option<FunctionId> {
    let function = module.funcs.get(id).kind.unwrap_local();
    let entry = function.entry_block();
    let returned = match module.types.get(function.ty()).results() {
        [] => None,
        [only] => Some(*only),
        _ => return None,
    };
    let flow = Flow::of(function, region, returned.is_some())?;

    let is_result = |local: &&LocalId| {
        flow.exits
            .iter()
            .any(|(exit, _)| live.at(*exit, region).contains(local))
    };
    let results: BTreeSet<LocalId> = flow.written.iter().filter(is_result).copied().collect();
    // What is to be given back has to be had, where it is not written on the way.
    let is_passed_on = |local: &&LocalId| {
        flow.exits.iter().any(|(exit, assigned)| {
            let is_assigned = assigned.as_ref().is_none_or(|it| it.contains(local));
            !is_assigned && live.at(*exit, region).contains(local)
        })
    };
    let passed_on = results.iter().filter(is_passed_on);
    let params: BTreeSet<LocalId> = flow.read_first.iter().chain(passed_on).copied().collect();

    let stands_in = params.len() + 2 * results.len() + 2 * flow.exits.len();
    if size(function, region.seq, region.range.clone()) < stands_in + GAIN_MIN {
        return None;
    }

    let locals: Vec<LocalId> = results.iter().copied().collect();
    let type_of = |local: &LocalId| module.locals.get(*local).ty();
    let param_types: Vec<ValType> = params.iter().map(type_of).collect();
    let mut result_types: Vec<ValType> = locals.iter().map(type_of).collect();
    let value = returned
        .filter(|_| flow.leaves_by(Exit::Return))
        .map(|ty| (module.locals.add(ty), module.locals.add(ty), ty));
    result_types.extend(value.map(|(_, _, ty)| ty));
    let number = (flow.exits.len() > 1).then(|| module.locals.add(ValType::I32));
    result_types.extend(number.map(|_| ValType::I32));

    // The new function: the region, and around it a block for each way out, after which its
    // results are given back.
    let function = module.funcs.get(id).kind.unwrap_local();
    let mut builder = FunctionBuilder::new(&mut module.types, &param_types, &result_types);
    let leave = |number_of: usize| {
        let mut instrs: Vec<Instr> = locals
            .iter()
            .map(|&local| LocalGet { local }.into())
            .collect();
        instrs.extend(value.map(|(local, _, _)| LocalGet { local }.into()));
        if number.is_some() {
            let value = Value::I32(number_of as i32);
            instrs.push(Const { value }.into());
        }
        instrs.push(Return {}.into());
        instrs
    };
    let mut labels = HashMap::new();
    let mut body = builder.dangling_instr_seq(None).id();
    let innermost = body;
    let mut falls = vec![Unreachable {}.into()];
    for (number_of, (exit, _)) in flow.exits.iter().enumerate() {
        match exit {
            Exit::On => falls = leave(number_of),
            Exit::Branch(_) | Exit::Return => {
                let target = match exit {
                    Exit::Branch(seq) => *seq,
                    _ => entry,
                };
                labels.insert(target, body);
                let outer = builder.dangling_instr_seq(None).id();
                let instrs: Vec<Instr> = [Block { seq: body }.into()]
                    .into_iter()
                    .chain(leave(number_of))
                    .collect();
                put(&mut builder, outer, instrs);
                body = outer;
            }
        }
    }
    let mut copy = Copy {
        from: function,
        to: &mut builder,
        labels,
        entry,
        value: value.map(|(local, _, _)| local),
    };
    let at_end = region.range.end == function.block(region.seq).instrs.len();
    copy.fill(region.seq, region.range.clone(), innermost);
    if at_end && region.seq == entry && flow.falls_off {
        // The function's value is on the stack.
        let back = copy.go_back();
        put(&mut builder, innermost, back);
    } else {
        put(&mut builder, innermost, falls);
    }
    let whole = builder.func_body_id();
    put(
        &mut builder,
        whole,
        vec![Block { seq: body }.into(), Unreachable {}.into()],
    );
    let taken = builder.finish(params.iter().copied().collect(), &mut module.funcs);

    // What stands in its place.
    let mut instead: Vec<Instr> = params
        .iter()
        .map(|&local| LocalGet { local }.into())
        .collect();
    instead.push(Call { func: taken }.into());
    instead.extend(number.map(|local| LocalSet { local }.into()));
    instead.extend(value.map(|(_, local, _)| LocalSet { local }.into()));
    instead.extend(locals.iter().rev().map(|&local| LocalSet { local }.into()));
    let FunctionKind::Local(function) = &mut module.funcs.get_mut(id).kind else {
        return None;
    };
    // What falls through comes last.
    let falls_through = flow.leaves_by(Exit::On);
    let ways = flow.exits.iter().enumerate();
    let ways = ways.filter(|(_, (exit, _))| *exit != Exit::On);
    let mut left = ways.clone().count();
    for (number_of, (exit, _)) in ways {
        left -= 1;
        let go: Vec<Instr> = match exit {
            Exit::Branch(block) => vec![Br { block: *block }.into()],
            _ => value
                .map(|(_, local, _)| LocalGet { local }.into())
                .into_iter()
                .chain([Return {}.into()])
                .collect(),
        };
        match number.filter(|_| falls_through || left > 0) {
            None => instead.extend(go),
            Some(local) => {
                let builder = function.builder_mut();
                let taken = builder.dangling_instr_seq(None).id();
                let not_taken = builder.dangling_instr_seq(None).id();
                put(builder, taken, go);
                let value = Value::I32(number_of as i32);
                instead.extend([
                    LocalGet { local }.into(),
                    Const { value }.into(),
                    Binop {
                        op: BinaryOp::I32Eq,
                    }
                    .into(),
                    IfElse {
                        consequent: taken,
                        alternative: not_taken,
                    }
                    .into(),
                ]);
            }
        }
    }
    if flow.exits.is_empty() {
        instead.push(Unreachable {}.into());
    }
    let instead = instead
        .into_iter()
        .map(|instr| (instr, InstrLocId::default()));
    function
        .block_mut(region.seq)
        .instrs
        .splice(region.range.clone(), instead);
    Some(taken)
}

fn put(builder: &mut FunctionBuilder, seq: InstrSeqId, instrs: Vec<Instr>) {
    let mut seq = builder.instr_seq(seq);
    for instr in instrs {
        seq.instr(instr);
    }
}

/// Copies instructions into another function.
struct Copy<'a> {
    from: &'a LocalFunction,
    to: &'a mut FunctionBuilder,
    /// Where branches to the sequences of the one lead in the other.
    labels: HashMap<InstrSeqId, InstrSeqId>,
    /// A branch to this is a return.
    entry: InstrSeqId,
    /// Where a returned value is left.
    value: Option<LocalId>,
}

impl Copy<'_> {
    fn fill(&mut self, seq: InstrSeqId, range: Range<usize>, into: InstrSeqId) {
        let from = self.from;
        let instrs = &from.block(seq).instrs;
        for (instr, _) in &instrs[range.start..range.end.min(instrs.len())] {
            let instrs = self.instr(instr);
            put(self.to, into, instrs);
        }
    }

    fn instr(&mut self, instr: &Instr) -> Vec<Instr> {
        let one = match instr {
            Instr::Block(it) => Block {
                seq: self.seq(it.seq),
            }
            .into(),
            Instr::Loop(it) => Loop {
                seq: self.seq(it.seq),
            }
            .into(),
            Instr::IfElse(it) => IfElse {
                consequent: self.seq(it.consequent),
                alternative: self.seq(it.alternative),
            }
            .into(),
            Instr::Return(_) => return self.go_back(),
            Instr::Br(it) if it.block == self.entry => return self.go_back(),
            Instr::Br(it) => Br {
                block: self.labels[&it.block],
            }
            .into(),
            Instr::BrIf(it) => BrIf {
                block: self.labels[&it.block],
            }
            .into(),
            Instr::BrTable(it) => BrTable {
                blocks: it.blocks.iter().map(|block| self.labels[block]).collect(),
                default: self.labels[&it.default],
            }
            .into(),
            other => other.clone(),
        };
        vec![one]
    }

    /// Leaves the function with the value that is on the stack, if it has one.
    fn go_back(&self) -> Vec<Instr> {
        let block = self.labels[&self.entry];
        let value = self.value.map(|local| LocalSet { local }.into());
        value.into_iter().chain([Br { block }.into()]).collect()
    }

    fn seq(&mut self, seq: InstrSeqId) -> InstrSeqId {
        let copied = self.to.dangling_instr_seq(self.from.block(seq).ty).id();
        self.labels.insert(seq, copied);
        self.fill(seq, 0..usize::MAX, copied);
        copied
    }
}

/// How many instructions there are, with all they hold.
fn size(function: &LocalFunction, seq: InstrSeqId, range: Range<usize>) -> usize {
    let instrs = &function.block(seq).instrs;
    instrs[range.start..range.end.min(instrs.len())]
        .iter()
        .map(|(instr, _)| {
            let inside = inner(instr).into_iter();
            1 + inside
                .map(|seq| size(function, seq, 0..usize::MAX))
                .sum::<usize>()
        })
        .sum()
}

/// The local that an instruction is about, and whether it reads it.
fn local_of(instr: &Instr) -> Option<(LocalId, bool)> {
    match instr {
        Instr::LocalGet(it) => Some((it.local, true)),
        Instr::LocalSet(it) => Some((it.local, false)),
        Instr::LocalTee(it) => Some((it.local, false)),
        _ => None,
    }
}

/// Which locals of a function may still be read, at some of its places.
struct Live {
    /// Where branches to a sequence lead.
    at_labels: HashMap<InstrSeqId, BTreeSet<LocalId>>,
    /// Before the instructions at these places.
    at_places: HashMap<(InstrSeqId, usize), BTreeSet<LocalId>>,
}

impl Live {
    fn of(function: &LocalFunction, places: impl Iterator<Item = (InstrSeqId, usize)>) -> Self {
        let mut live = Self {
            at_labels: HashMap::from([(function.entry_block(), BTreeSet::new())]),
            at_places: places.map(|place| (place, BTreeSet::new())).collect(),
        };
        live.before_seq(function, function.entry_block(), BTreeSet::new());
        live
    }

    fn before_seq(
        &mut self,
        function: &LocalFunction,
        seq: InstrSeqId,
        mut now: BTreeSet<LocalId>,
    ) -> BTreeSet<LocalId> {
        let instrs = &function.block(seq).instrs;
        for (at, (instr, _)) in instrs.iter().enumerate().rev() {
            if let Some(place) = self.at_places.get_mut(&(seq, at + 1)) {
                place.clone_from(&now);
            }
            now = self.before(function, instr, now);
        }
        now
    }

    fn before(
        &mut self,
        function: &LocalFunction,
        instr: &Instr,
        mut now: BTreeSet<LocalId>,
    ) -> BTreeSet<LocalId> {
        match local_of(instr) {
            Some((local, true)) => drop(now.insert(local)),
            Some((local, false)) => drop(now.remove(&local)),
            None => {}
        }
        match instr {
            Instr::Block(it) => {
                self.at_labels.insert(it.seq, now.clone());
                now = self.before_seq(function, it.seq, now);
            }
            Instr::Loop(it) => loop {
                let before = self.before_seq(function, it.seq, now.clone());
                if self.at_labels.get(&it.seq) == Some(&before) {
                    return before;
                }
                self.at_labels.insert(it.seq, before);
            },
            Instr::IfElse(it) => {
                for arm in [it.consequent, it.alternative] {
                    self.at_labels.insert(arm, now.clone());
                }
                let other = self.before_seq(function, it.alternative, now.clone());
                now = self.before_seq(function, it.consequent, now);
                now.extend(other);
            }
            Instr::Br(it) => now = self.at_label(it.block),
            Instr::BrIf(it) => now.extend(self.at_label(it.block)),
            Instr::BrTable(it) => {
                now = self.at_label(it.default);
                for block in &it.blocks {
                    now.extend(self.at_label(*block));
                }
            }
            Instr::Return(_) | Instr::Unreachable(_) => now.clear(),
            _ => {}
        }
        now
    }

    /// Where a region leads.
    fn at(&self, exit: Exit, region: &Region) -> &BTreeSet<LocalId> {
        static NONE: BTreeSet<LocalId> = BTreeSet::new();
        let found = match exit {
            Exit::On => self.at_places.get(&(region.seq, region.range.end)),
            Exit::Branch(seq) => self.at_labels.get(&seq),
            Exit::Return => None,
        };
        found.unwrap_or(&NONE)
    }

    fn at_label(&self, seq: InstrSeqId) -> BTreeSet<LocalId> {
        self.at_labels.get(&seq).cloned().unwrap_or_default()
    }
}

/// How a region reads and writes locals, and where it leads.
struct Flow {
    /// Locals that it may read as they were before.
    read_first: BTreeSet<LocalId>,
    written: BTreeSet<LocalId>,
    /// The ways out, with the locals that it has surely written on each; `None` where nothing gets.
    exits: Vec<(Exit, Option<BTreeSet<LocalId>>)>,
    /// It ends where the function ends, with the function's value.
    falls_off: bool,
}

impl Flow {
    /// `None` if it branches with values, which only a function's end takes here.
    fn of(function: &LocalFunction, region: &Region, returns_value: bool) -> Option<Flow> {
        let mut reading = Reading {
            function,
            returns_value,
            flow: Flow {
                read_first: BTreeSet::new(),
                written: BTreeSet::new(),
                exits: Vec::new(),
                falls_off: false,
            },
            now: Some(BTreeSet::new()),
            at_labels: HashMap::new(),
            can_move: true,
        };
        reading.instrs(region.seq, region.range.clone());
        let is_typed = function.block(region.seq).ty != InstrSeqType::Simple(None);
        let at_end = region.range.end == function.block(region.seq).instrs.len();
        if reading.now.is_some() {
            if at_end && region.seq == function.entry_block() {
                reading.flow.falls_off = true;
                reading.leave(Exit::Return);
            } else if at_end && is_typed {
                return None;
            } else {
                reading.leave(Exit::On);
            }
        }
        reading.can_move.then_some(reading.flow)
    }

    fn leaves_by(&self, way: Exit) -> bool {
        self.exits.iter().any(|(exit, _)| *exit == way)
    }
}

/// The state of going through a region.
struct Reading<'a> {
    function: &'a LocalFunction,
    returns_value: bool,
    flow: Flow,
    /// What is surely written by now; `None` where nothing gets.
    now: Option<BTreeSet<LocalId>>,
    /// The same where branches to the sequences inside lead.
    at_labels: HashMap<InstrSeqId, Option<BTreeSet<LocalId>>>,
    can_move: bool,
}

impl Reading<'_> {
    fn instrs(&mut self, seq: InstrSeqId, range: Range<usize>) {
        let function = self.function;
        let instrs = &function.block(seq).instrs;
        for (instr, _) in &instrs[range.start..range.end.min(instrs.len())] {
            self.instr(instr);
        }
    }

    fn instr(&mut self, instr: &Instr) {
        if let Some((local, reads)) = local_of(instr) {
            if !reads {
                self.flow.written.insert(local);
                if let Some(now) = &mut self.now {
                    now.insert(local);
                }
            } else if self.now.as_ref().is_some_and(|now| !now.contains(&local)) {
                self.flow.read_first.insert(local);
            }
        }
        match instr {
            Instr::Block(it) => self.seq(it.seq, true),
            Instr::Loop(it) => self.seq(it.seq, false),
            Instr::IfElse(it) => {
                let before = self.now.clone();
                self.seq(it.consequent, true);
                let after = std::mem::replace(&mut self.now, before);
                self.seq(it.alternative, true);
                meet(&mut self.now, after);
            }
            Instr::Br(it) => {
                self.branch(it.block);
                self.now = None;
            }
            Instr::BrIf(it) => self.branch_if(it.block),
            Instr::BrTable(it) => {
                for block in it.blocks.iter().chain([&it.default]) {
                    self.branch_if(*block);
                }
                self.now = None;
            }
            Instr::Return(_) => {
                self.leave(Exit::Return);
                self.now = None;
            }
            Instr::Unreachable(_) => self.now = None,
            Instr::Try(_)
            | Instr::TryTable(_)
            | Instr::Throw(_)
            | Instr::ThrowRef(_)
            | Instr::Rethrow(_)
            | Instr::ReturnCall(_)
            | Instr::ReturnCallIndirect(_) => self.can_move = false,
            _ => {}
        }
    }

    /// A sequence inside, after which those go on that branch to it, if that leads to its end.
    fn seq(&mut self, seq: InstrSeqId, ends: bool) {
        self.at_labels.insert(seq, None);
        self.instrs(seq, 0..usize::MAX);
        let branched = self.at_labels.get(&seq).cloned().flatten();
        if ends {
            meet(&mut self.now, branched);
        }
    }

    /// A branch that leaves the value where it is if it is not taken.
    fn branch_if(&mut self, to: InstrSeqId) {
        self.can_move &= to != self.function.entry_block() || !self.returns_value;
        self.branch(to);
    }

    fn branch(&mut self, to: InstrSeqId) {
        if let Some(at_label) = self.at_labels.get_mut(&to) {
            meet(at_label, self.now.clone());
        } else if to == self.function.entry_block() {
            self.leave(Exit::Return);
        } else {
            self.can_move &= self.function.block(to).ty == InstrSeqType::Simple(None);
            self.leave(Exit::Branch(to));
        }
    }

    fn leave(&mut self, exit: Exit) {
        let now = self.now.clone();
        match self.flow.exits.iter_mut().find(|(it, _)| *it == exit) {
            Some((_, assigned)) => meet(assigned, now),
            None => self.flow.exits.push((exit, now)),
        }
    }
}

/// What is surely written where two ways come together.
fn meet(one: &mut Option<BTreeSet<LocalId>>, other: Option<BTreeSet<LocalId>>) {
    match (&mut *one, other) {
        (_, None) => {}
        (None, other) => *one = other,
        (Some(one), Some(other)) => one.retain(|local| other.contains(local)),
    }
}
