//! A module in two that share memory, table and globals.
//!
//! The first calls the functions of the rest through slots of the table, which the rest fills as it
//! is instantiated. Before each call through the table it asks whether something is in the slot, and
//! if not, has the host load the rest. All else the rest takes from the first.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use walrus::{
    ConstExpr, Data, DataKind, ElementItems, ElementKind, ExportItem, FunctionBuilder, FunctionId,
    FunctionKind, GlobalKind, ImportKind, ImportedFunction, Module, ModuleConfig, TableId, ValType,
    ir::{Call, CallIndirect, Instr, InstrLocId, InstrSeqId, Value, Visitor, dfs_in_order},
};

use crate::{Error, Split, data::Layout, stretches::inner};

/// The module of which the rest imports: what the first exports by its name, functions by the slots
/// that they are in.
const FIRST: &str = "first";
/// A function of so many instructions is copied into the rest rather than shared: calls between
/// modules are slower, and a slot has its size, too.
const COPIED_MAX: u64 = 24;

/// Cuts a module in two. `rest` are the functions that go into the rest, `load` is the imported
/// function by which the first has the rest loaded.
pub(crate) fn cut(
    mut module: Module,
    rest: &BTreeSet<FunctionId>,
    load: FunctionId,
    layout: &Layout,
) -> Result<Split, Error> {
    let table = module.tables.main_function_table().map_err(Error::wasm)?;
    share(&mut module, table.ok_or(Error::NoTable)?);
    name_functions(&mut module, rest);

    // Each half is made from the whole anew, as walrus cannot copy a module.
    let load = name_of(&module, load);
    let whole = module.emit_wasm();
    let mut config = ModuleConfig::new();
    config
        .generate_name_section(false)
        .generate_producers_section(false);
    let parse = || config.parse(&whole).map_err(Error::wasm);

    let mut first = Half::of(parse()?)?;
    let seam = first.seam()?;
    first.keep_first(&seam, &load);
    walrus::passes::gc::run(&mut first.module);
    let functions = first.module.funcs.iter_local().map(|(_, it)| it);
    let later = layout.unneeded(functions);
    first.leave_out(&later);
    let mut second = Half::of(parse()?)?;
    second.keep_rest(&seam, &later);
    Ok(Split {
        first: first.emit(),
        rest: second.emit(),
    })
}

const SLOTS: &str = "slots";

/// Exports what the rest shares with the first besides functions.
fn share(module: &mut Module, table: TableId) {
    let tables: Vec<TableId> = module.tables.iter().map(|it| it.id()).collect();
    for (number, id) in tables.into_iter().enumerate() {
        let name = if id == table {
            SLOTS.to_owned()
        } else {
            format!("table {number}")
        };
        module.exports.add(&name, id);
    }
    let globals: Vec<_> = module.globals.iter().map(|it| it.id()).collect();
    for (number, id) in globals.into_iter().enumerate() {
        module.exports.add(&format!("global {number}"), id);
    }
    let memories: Vec<_> = module.memories.iter().map(|it| it.id()).collect();
    for (number, id) in memories.into_iter().enumerate() {
        module.exports.add(&format!("memory {number}"), id);
    }
}

/// Gives each function a name by which both halves know it; the names are in the order of the
/// functions.
fn name_functions(module: &mut Module, rest: &BTreeSet<FunctionId>) {
    for (number, function) in module.funcs.iter_mut().enumerate() {
        let half = if rest.contains(&function.id()) {
            'r'
        } else {
            'f'
        };
        function.name = Some(format!("{half}{number:06}"));
    }
}

fn name_of(module: &Module, function: FunctionId) -> String {
    module.funcs.get(function).name.clone().unwrap_or_default()
}

/// What the halves know of each other, by the names of functions.
struct Seam {
    /// What the whole has in its table, some of it at more than one place.
    table: Vec<(u64, String)>,
    /// Functions of the rest that the first calls, and a slot where it finds them.
    slots: BTreeMap<String, u64>,
    /// Functions of the first that the rest needs, and the slots where it finds them: shorter than
    /// a name for each.
    shared: Vec<(u64, String)>,
    /// The length of the table.
    n_slots: u64,
}

struct Half {
    module: Module,
    table: TableId,
    rest: BTreeSet<FunctionId>,
}

impl Half {
    fn of(module: Module) -> Result<Self, Error> {
        let exported = module.exports.iter().find(|it| it.name == SLOTS);
        let Some(ExportItem::Table(table)) = exported.map(|it| it.item) else {
            return Err(Error::NoTable);
        };
        let is_rest = |name: &String| name.starts_with('r');
        let functions = module.funcs.iter();
        let rest = functions
            .filter(|it| it.name.as_ref().is_some_and(is_rest))
            .map(|it| it.id())
            .collect();
        Ok(Self {
            module,
            table,
            rest,
        })
    }

    fn seam(&self) -> Result<Seam, Error> {
        let name = |id: FunctionId| name_of(&self.module, id);
        let mut table = Vec::new();
        for element in self.module.elements.iter() {
            let (
                ElementKind::Active {
                    offset: ConstExpr::Value(Value::I32(start)),
                    ..
                },
                ElementItems::Functions(functions),
            ) = (&element.kind, &element.items)
            else {
                return Err(Error::Elements);
            };
            table.extend((*start as u64..).zip(functions.iter().map(|id| name(*id))));
        }
        let n_before = self.module.tables.get(self.table).initial;

        // What the first calls of the rest, and what it exports of it.
        let exported = self.module.exports.iter().filter_map(|it| match it.item {
            ExportItem::Function(id) => Some(id),
            _ => None,
        });
        let mut needed: BTreeSet<FunctionId> = exported.chain(self.module.start).collect();
        for (id, _) in self.module.funcs.iter_local() {
            if !self.rest.contains(&id) {
                needed.extend(self.called_by(id));
            }
        }
        let mut slots: BTreeMap<String, u64> = (table.iter())
            .filter(|(_, name)| name.starts_with('r'))
            .map(|(slot, name)| (name.clone(), *slot))
            .collect();
        let mut n_slots = n_before;
        // In the order of their names, so that slots that are named near each other are near each
        // other, too, which compresses better.
        let needed: BTreeSet<String> = needed.intersection(&self.rest).copied().map(name).collect();
        for name in needed {
            slots.entry(name).or_insert_with(|| {
                n_slots += 1;
                n_slots - 1
            });
        }

        // What the rest calls of the first, itself or in what is copied into it.
        let mut shared = BTreeSet::new();
        let mut seen = self.rest.clone();
        let mut open: Vec<FunctionId> = self.rest.iter().copied().collect();
        while let Some(id) = open.pop() {
            for id in self.called_by(id) {
                if seen.insert(id) {
                    if self.is_copied(id) {
                        open.push(id);
                    } else {
                        shared.insert(id);
                    }
                }
            }
        }
        let shared: Vec<_> = (n_slots..).zip(shared.into_iter().map(name)).collect();
        n_slots += shared.len() as u64;
        Ok(Seam {
            table,
            slots,
            shared,
            n_slots,
        })
    }

    fn called_by(&self, id: FunctionId) -> BTreeSet<FunctionId> {
        let mut called = Called::default();
        if let FunctionKind::Local(function) = &self.module.funcs.get(id).kind {
            dfs_in_order(&mut called, function, function.entry_block());
        }
        called.0
    }

    fn is_copied(&self, id: FunctionId) -> bool {
        match &self.module.funcs.get(id).kind {
            FunctionKind::Local(function) => function.size() <= COPIED_MAX,
            _ => false,
        }
    }

    fn function(&self, name: &str) -> Option<FunctionId> {
        self.module.funcs.by_name(name)
    }

    /// Takes constant data out of the first: zeros, which memory has without being told.
    fn leave_out(&mut self, places: &[Range<u32>]) {
        let segments: Vec<_> = self.module.data.iter().map(|it| it.id()).collect();
        for id in segments {
            let data = self.module.data.get_mut(id);
            let Some(start) = address_of(data) else {
                continue;
            };
            for place in places {
                if let Some(bytes) = bytes_of(&mut data.value, start, place) {
                    bytes.fill(0);
                }
            }
        }
    }

    fn keep_first(&mut self, seam: &Seam, load: &str) {
        let table = self.module.tables.get_mut(self.table);
        table.initial = seam.n_slots;
        table.maximum = table.maximum.map(|_| seam.n_slots);
        let own = seam.table.iter().filter(|(_, name)| name.starts_with('f'));
        self.put_in_table(own.chain(&seam.shared));
        let Some(load) = self.function(load) else {
            return;
        };
        let filled = self.filled(load);
        let locals: Vec<_> = self.module.funcs.iter_local().map(|(id, _)| id).collect();
        for id in locals {
            if !self.rest.contains(&id) && id != filled {
                self.ask_before_calls(id, filled);
            }
        }
        for (name, slot) in &seam.slots {
            if let Some(id) = self.function(name) {
                self.call_through_slot(id, *slot as i32, filled);
            }
        }
    }

    /// A function that takes a slot and gives it back, when something is in it.
    fn filled(&mut self, load: FunctionId) -> FunctionId {
        let slot = self.module.locals.add(ValType::I32);
        let mut builder =
            FunctionBuilder::new(&mut self.module.types, &[ValType::I32], &[ValType::I32]);
        builder
            .func_body()
            .local_get(slot)
            .table_get(self.table)
            .ref_is_null()
            .if_else(
                None,
                |empty| {
                    empty.call(load);
                },
                |_| {},
            )
            .local_get(slot);
        builder.finish(vec![slot], &mut self.module.funcs)
    }

    fn ask_before_calls(&mut self, id: FunctionId, filled: FunctionId) {
        let function = self.module.funcs.get_mut(id).kind.unwrap_local_mut();
        let mut open: Vec<InstrSeqId> = vec![function.entry_block()];
        while let Some(seq) = open.pop() {
            let instrs = &mut function.block_mut(seq).instrs;
            for (instr, _) in instrs.iter() {
                open.extend(inner(instr));
            }
            for at in (0..instrs.len()).rev() {
                if matches!(&instrs[at].0, Instr::CallIndirect(it) if it.table == self.table) {
                    let ask = Call { func: filled }.into();
                    instrs.insert(at, (ask, InstrLocId::default()));
                }
            }
        }
    }

    fn call_through_slot(&mut self, id: FunctionId, slot: i32, filled: FunctionId) {
        let ty = self.module.funcs.get(id).ty();
        let params = self.module.types.get(ty).params().to_vec();
        let results = self.module.types.get(ty).results().to_vec();
        let args: Vec<_> = params
            .iter()
            .map(|ty| self.module.locals.add(*ty))
            .collect();
        let mut builder = FunctionBuilder::new(&mut self.module.types, &params, &results);
        let mut body = builder.func_body();
        for arg in &args {
            body.local_get(*arg);
        }
        body.i32_const(slot).call(filled).instr(CallIndirect {
            ty,
            table: self.table,
        });
        self.module.funcs.get_mut(id).kind = FunctionKind::Local(builder.local_func(args));
    }

    /// Replaces what the module puts into the table.
    fn put_in_table<'a>(&mut self, entries: impl Iterator<Item = &'a (u64, String)>) {
        let elements: Vec<_> = self.module.elements.iter().map(|it| it.id()).collect();
        for id in elements {
            self.module.elements.delete(id);
        }
        let mut runs: Vec<(u64, Vec<FunctionId>)> = Vec::new();
        for (slot, name) in entries {
            let Some(id) = self.function(name) else {
                continue;
            };
            match runs.last_mut() {
                Some((start, run)) if *start + run.len() as u64 == *slot => run.push(id),
                _ => runs.push((*slot, vec![id])),
            }
        }
        let segments = runs.into_iter().map(|(start, run)| {
            let kind = ElementKind::Active {
                table: self.table,
                offset: ConstExpr::Value(Value::I32(start as i32)),
            };
            let items = ElementItems::Functions(run);
            self.module.elements.add(kind, items)
        });
        let segments = segments.collect();
        self.module.tables.get_mut(self.table).elem_segments = segments;
    }

    fn keep_rest(&mut self, seam: &Seam, later: &[Range<u32>]) {
        self.module.start = None;
        let imports: Vec<_> = self.module.imports.iter().map(|it| it.id()).collect();
        for id in imports {
            self.module.imports.delete(id);
        }
        self.keep_data(later);
        let exports = self.module.exports.iter();
        let exports: Vec<_> = exports
            .map(|it| (it.id(), it.name.clone(), it.item))
            .collect();
        for (id, name, item) in exports {
            self.module.exports.delete(id);
            let imports = &mut self.module.imports;
            // What was exported before by another name is here twice.
            match item {
                ExportItem::Table(id) if self.module.tables.get(id).import.is_none() => {
                    let import = imports.add(FIRST, &name, id);
                    let table = self.module.tables.get_mut(id);
                    table.import = Some(import);
                    table.initial = if name == SLOTS {
                        seam.n_slots
                    } else {
                        table.initial
                    };
                    table.maximum = table.maximum.map(|it| it.max(table.initial));
                }
                ExportItem::Global(id) => {
                    let global = self.module.globals.get_mut(id);
                    if !matches!(global.kind, GlobalKind::Import(_)) {
                        global.kind = GlobalKind::Import(imports.add(FIRST, &name, id));
                    }
                }
                ExportItem::Memory(id) if self.module.memories.get(id).import.is_none() => {
                    let memory = self.module.memories.get_mut(id);
                    memory.import = Some(imports.add(FIRST, &name, id));
                }
                _ => {}
            }
        }
        for (slot, name) in &seam.shared {
            if let Some(id) = self.function(name) {
                let ty = self.module.funcs.get(id).ty();
                let imports = &mut self.module.imports;
                let import = imports.add(FIRST, &slot.to_string(), ImportKind::Function(id));
                let kind = FunctionKind::Import(ImportedFunction { import, ty });
                self.module.funcs.get_mut(id).kind = kind;
            }
        }
        let own = seam.table.iter().filter(|(_, name)| name.starts_with('r'));
        let called = seam.slots.iter().map(|(name, slot)| (*slot, name.clone()));
        let slots: BTreeSet<_> = own.cloned().chain(called).collect();
        self.put_in_table(slots.iter());
    }

    /// Leaves the module only these places of its data.
    fn keep_data(&mut self, places: &[Range<u32>]) {
        let mut kept = Vec::new();
        let segments: Vec<_> = self.module.data.iter().map(|it| it.id()).collect();
        for id in &segments {
            let data = self.module.data.get_mut(*id);
            let (Some(start), DataKind::Active { memory, .. }) = (address_of(data), &data.kind)
            else {
                continue;
            };
            let memory = *memory;
            for place in places {
                if let Some(bytes) = bytes_of(&mut data.value, start, place) {
                    kept.push((memory, place.start, bytes.to_vec()));
                }
            }
        }
        for id in segments {
            self.module.data.delete(id);
        }
        for memory in self.module.memories.iter_mut() {
            memory.data_segments.clear();
        }
        for (memory, start, bytes) in kept {
            let offset = ConstExpr::Value(Value::I32(start as i32));
            let id = self
                .module
                .data
                .add(DataKind::Active { memory, offset }, bytes);
            self.module
                .memories
                .get_mut(memory)
                .data_segments
                .insert(id);
        }
    }

    fn emit(mut self) -> Vec<u8> {
        walrus::passes::gc::run(&mut self.module);
        // What the linker and debuggers know of the whole is of no use to a half.
        let customs: Vec<_> = self.module.customs.iter().map(|(id, _)| id).collect();
        for id in customs {
            self.module.customs.delete(id);
        }
        self.module.emit_wasm()
    }
}

/// Where a segment of data begins in memory.
fn address_of(data: &Data) -> Option<u32> {
    match &data.kind {
        DataKind::Active {
            offset: ConstExpr::Value(Value::I32(start)),
            ..
        } => Some(*start as u32),
        _ => None,
    }
}

/// The bytes at a place, if they are all in a segment that begins there.
fn bytes_of<'a>(segment: &'a mut [u8], start: u32, place: &Range<u32>) -> Option<&'a mut [u8]> {
    let from = place.start.checked_sub(start)? as usize;
    let to = place.end.checked_sub(start)? as usize;
    segment.get_mut(from..to)
}

/// The functions that a function names.
#[derive(Default)]
struct Called(BTreeSet<FunctionId>);

impl Visitor<'_> for Called {
    fn visit_function_id(&mut self, id: &FunctionId) {
        self.0.insert(*id);
    }
}
