//! The controller's rules, a row a rule: a world, one sync, and what must come of it. Files and
//! tests are named after the sections of the semantics; numbers such as 11.5 in a row's name are
//! its list of what is easy to get wrong.
//!
//! Expected values are what `pkg/controller/daemon` of Kubernetes v1.34 does. Where upstream walks
//! through a map, rows ask for how many rather than which, or for our order, which is by name.

mod world;

mod semantics {
    mod section_11;
    mod section_3_10;
    mod section_3_11;
    mod section_3_12;
    mod section_3_13;
    mod section_3_14;
    mod section_3_15;
    mod section_3_2;
    mod section_3_3;
    mod section_3_4;
    mod section_3_5;
    mod section_3_6;
    mod section_3_7;
    mod section_3_8;
    mod section_3_9;
    mod section_4;
    mod waits;
}
