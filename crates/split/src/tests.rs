//! A module that is cut does what it did whole, whatever of it had run.

use wasmi::{Caller, Engine, Extern, ExternType, Func, Instance, Linker, Module, Ref, Store, Val};

use crate::{data::Layout, record, split_with, stretches::stretches};

/// Functions of one number, with what compilers write: blocks left early, loops, tables of branches,
/// returns from inside, locals used again, calls through the table, functions that are alike, and traps.
const PROGRAM: &str = r#"(module
  (import "host" "load" (func $load))
  (import "host" "note" (func $note (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "abcdefgh")
  (global $count (mut i32) (i32.const 0))
  (table 5 funcref)
  (elem (i32.const 1) $double $collatz $classify $twin)
  (type $number (func (param i32) (result i32)))

  (func $double (export "double") (param i32) (result i32)
    (call $note (local.get 0))
    (i32.add (local.get 0) (local.get 0)))

  (func $twin (param i32) (result i32)
    (call $note (local.get 0))
    (i32.add (local.get 0) (local.get 0)))

  (func $collatz (export "collatz") (param $n i32) (result i32) (local $steps i32) (local $half i32)
    (block $done
      (loop $next
        (br_if $done (i32.le_s (local.get $n) (i32.const 1)))
        (local.set $steps (i32.add (local.get $steps) (i32.const 1)))
        (block $odd
          (block $even
            (br_if $even (i32.eqz (i32.and (local.get $n) (i32.const 1))))
            (br $odd))
          (local.set $half (i32.shr_u (local.get $n) (i32.const 1)))
          (local.set $n (local.get $half))
          (call $note (local.get $n))
          (br $next))
        (local.set $n (i32.add (i32.mul (local.get $n) (i32.const 3)) (i32.const 1)))
        (global.set $count (i32.add (global.get $count) (local.get $half)))
        (br $next)))
    (local.get $steps))

  (func $classify (export "classify") (param $n i32) (result i32) (local $left i32) (local $sum i32)
    (local.set $left (i32.const 7))
    (block $other
      (block $two
        (block $one
          (block $zero
            (br_table $zero $one $two $other (local.get $n)))
          (call $note (i32.const 100))
          (local.set $sum (i32.load8_u offset=16 (local.get $n)))
          (return (i32.add (local.get $sum) (local.get $left))))
        (local.set $left (i32.const 40))
        (local.set $sum (i32.add (local.get $left) (i32.load8_u (i32.const 18))))
        (br $other))
      (call $note (i32.const 102))
      (local.set $sum (i32.const 3))
      (local.set $left (i32.add (local.get $left) (local.get $sum)))
      (return (i32.sub (i32.const 0) (local.get $left))))
    (i32.add (i32.add (local.get $sum) (local.get $left)) (global.get $count)))

  (func $through (export "through") (param $n i32) (result i32)
    (block $small
      (br_if $small (i32.lt_s (local.get $n) (i32.const 5)))
      (call $note (i32.const 200))
      (return (call_indirect (type $number) (local.get $n) (i32.const 2))))
    (call_indirect (type $number)
      (local.get $n)
      (i32.add (i32.const 1) (i32.rem_u (local.get $n) (i32.const 4)))))

  (func $nested (export "nested") (param $n i32) (result i32) (local $i i32) (local $j i32) (local $carry i32)
    (block $out
      (loop $rows
        (br_if $out (i32.ge_s (local.get $i) (local.get $n)))
        (local.set $j (i32.const 0))
        (block $row
          (loop $columns
            (br_if $row (i32.ge_s (local.get $j) (local.get $i)))
            (block $rare
              (br_if $rare (i32.ne (i32.rem_u (local.get $j) (i32.const 3)) (i32.const 2)))
              (local.set $carry (i32.add (local.get $carry) (i32.const 17)))
              (call $note (local.get $carry))
              (br_if $out (i32.gt_s (local.get $carry) (i32.const 60))))
            (local.set $j (i32.add (local.get $j) (i32.const 1)))
            (br $columns)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $rows)))
    (i32.add (i32.mul (local.get $i) (i32.const 1000)) (i32.add (local.get $carry) (local.get $j))))

  (func $strict (export "strict") (param $n i32) (result i32)
    (block $good
      (br_if $good (i32.lt_u (local.get $n) (i32.const 6)))
      (call $note (i32.const 300))
      (drop (call $double (local.get $n)))
      (unreachable))
    (call $nested (local.get $n))))
"#;

const FUNCTIONS: [&str; 6] = [
    "double", "collatz", "classify", "through", "nested", "strict",
];

#[derive(Default)]
struct Host {
    notes: Vec<i32>,
    rest: Option<Vec<u8>>,
    first: Option<Instance>,
    loads: usize,
}

/// What each function gives for some numbers, and what it tells on the way.
fn behaviour(wasm: &[u8], rest: Option<&[u8]>) -> (Vec<Option<i32>>, Vec<i32>, usize) {
    let engine = Engine::default();
    let mut store = Store::new(
        &engine,
        Host {
            rest: rest.map(<[u8]>::to_vec),
            ..Host::default()
        },
    );
    let mut linker = Linker::new(&engine);
    let note = Func::wrap(&mut store, |mut host: Caller<Host>, number: i32| {
        host.data_mut().notes.push(number);
    });
    let load = Func::wrap(&mut store, load_rest);
    linker.define("host", "note", note).expect("note");
    linker.define("host", "load", load).expect("load");
    let module = Module::new(&engine, wasm).expect("the module is valid");
    let instance = linker
        .instantiate_and_start(&mut store, &module)
        .expect("the module has what it needs");
    store.data_mut().first = Some(instance);
    let mut results = Vec::new();
    for name in FUNCTIONS {
        let function = instance.get_func(&store, name).expect("it is exported");
        for number in 0..9 {
            let mut result = [Val::I32(0)];
            let done = function.call(&mut store, &[Val::I32(number)], &mut result);
            results.push(done.ok().and_then(|()| result[0].i32()));
        }
    }
    let host = store.into_data();
    (results, host.notes, host.loads)
}

fn load_rest(mut host: Caller<Host>) {
    host.data_mut().loads += 1;
    let rest = host.data_mut().rest.take().expect("it is loaded once");
    let engine = host.engine().clone();
    let module = Module::new(&engine, &rest).expect("the rest is valid");
    let first = host.data().first.expect("the first is there");
    let mut imports: Vec<Extern> = Vec::new();
    for import in module.imports() {
        assert_eq!(import.module(), "first");
        imports.push(match import.ty() {
            ExternType::Func(_) => {
                let slots = first
                    .get_table(&host, "slots")
                    .expect("the table is exported");
                let slot = import.name().parse().expect("functions are in slots");
                match slots.get(&host, slot) {
                    Some(Val::FuncRef(Ref::Val(function))) => Extern::Func(function),
                    other => panic!("slot {slot} has {other:?}"),
                }
            }
            _ => first
                .get_export(&host, import.name())
                .expect("it is exported"),
        });
    }
    Instance::new(&mut host, &module, &imports).expect("the rest has what it needs");
}

/// A generator whose numbers are the same for the same seed.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }
}

#[test]
fn cut_anywhere_a_program_does_the_same() {
    let wasm = wat::parse_str(PROGRAM).expect("the program is valid");
    let whole = behaviour(&wasm, None);
    let count: usize = crate::parse(&wasm)
        .expect("valid")
        .funcs
        .iter_local()
        .map(|(_, it)| stretches(it).len())
        .sum();
    let mut n_loads = 0;
    for seed in 0..500 {
        let mut random = Random(seed);
        // From nearly nothing to nearly all.
        let share = random.next() % 10;
        let ran: Vec<bool> = (0..count).map(|_| random.next() % 10 <= share).collect();
        let split = split_with(&wasm, &ran, "load", &Layout::default()).expect("it can be cut");
        let (results, notes, loads) = behaviour(&split.first, Some(&split.rest));
        assert_eq!(
            (results, notes),
            (whole.0.clone(), whole.1.clone()),
            "seed {seed}"
        );
        assert!(loads <= 1, "seed {seed}");
        n_loads += loads;
    }
    assert!(n_loads > 250, "the rest is needed in most: {n_loads}");
}

#[test]
fn what_ran_is_told() {
    let mut module = crate::parse(&wat::parse_str(PROGRAM).expect("valid")).expect("valid");
    let count = record::instrument(&mut module);
    let engine = Engine::default();
    let mut store = Store::new(&engine, vec![false; count]);
    let mut linker = Linker::new(&engine);
    linker.func_wrap("host", "load", || {}).expect("load");
    linker.func_wrap("host", "note", |_: i32| {}).expect("note");
    let ran = |mut host: Caller<Vec<bool>>, number: i32| host.data_mut()[number as usize] = true;
    linker
        .func_wrap(crate::RAN_MODULE, crate::RAN_FUNCTION, ran)
        .expect("ran");
    let module = Module::new(&engine, module.emit_wasm()).expect("valid");
    let instance = linker
        .instantiate_and_start(&mut store, &module)
        .expect("complete");
    let double = instance
        .get_typed_func::<i32, i32>(&store, "double")
        .expect("there");
    assert_eq!(double.call(&mut store, 4).ok(), Some(8));
    assert_eq!(store.data().iter().filter(|ran| **ran).count(), 1);
    let strict = instance
        .get_typed_func::<i32, i32>(&store, "strict")
        .expect("there");
    assert!(strict.call(&mut store, 8).is_err());
    let ran = store.data().iter().filter(|ran| **ran).count();
    assert_eq!(ran, 4, "that, and the way to the trap");
}

#[test]
fn what_does_nothing_stays_where_it_is() {
    let program = r#"(module
      (import "host" "load" (func $load))
      (memory 1)
      (table 1 funcref)
      (func $nothing)
      (func $something (drop (i32.const 1)))
      (func (export "all") (call $nothing) (call $something)))"#;
    let wasm = wat::parse_str(program).expect("valid");
    // Of the two that can tell, the one that calls ran.
    let split = split_with(&wasm, &[false, true], "load", &Layout::default()).expect("cut");
    let n_functions = |wasm: &[u8]| {
        crate::parse(wasm)
            .expect("valid")
            .funcs
            .iter_local()
            .count()
    };
    // Nothing, all, what asks whether a slot is filled, and what stands in for something.
    assert_eq!(n_functions(&split.first), 4);
    assert_eq!(n_functions(&split.rest), 1);
}

#[test]
fn what_cannot_be_cut_says_why() {
    let wasm = wat::parse_str(PROGRAM).expect("valid");
    let wrong = |ran: &[bool], load: &str| {
        let error = split_with(&wasm, ran, load, &Layout::default());
        error.err().map(|it| it.to_string())
    };
    assert_eq!(
        wrong(&[true], "load").as_deref(),
        Some("the record is of a module with 1 stretches, this one has 41")
    );
    assert_eq!(
        crate::split(b"no wasm", b"", &[], "load").err().map(|it| it
            .to_string()
            .split(':')
            .next()
            .map(str::to_owned)),
        Some(Some("no module".to_owned()))
    );
}
