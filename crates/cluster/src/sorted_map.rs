//! A map in the order of its keys of which copies are cheap.

use std::{
    borrow::Borrow, cell::Cell, cmp::Ordering, collections::BTreeSet, fmt, ops::Index, rc::Rc,
};

use serde::{Serialize, Serializer};

/// Entries in chunks, each shared between the copies of the map until one of them changes it. A
/// copy costs a pointer for each chunk, a change a chunk at most; so a cluster of thousands of
/// objects can be kept as it was at many moments.
#[derive(Clone)]
pub struct SortedMap<K, V> {
    /// None of them is empty; keys ascend in each and from one to the next.
    chunks: Vec<Chunk<K, V>>,
    len: usize,
    /// Where a key was found last: most often the next one that is asked for is the same, or near.
    found: Cell<(usize, usize)>,
}

type Chunk<K, V> = Rc<Vec<(K, V)>>;

/// The entries that a chunk holds at most.
const MOST: usize = 32;

impl<K, V> Default for SortedMap<K, V> {
    fn default() -> Self {
        Self {
            chunks: Vec::new(),
            len: 0,
            found: Cell::default(),
        }
    }
}

impl<K, V> SortedMap<K, V> {
    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// All entries.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.entries_from(0, 0)
    }

    /// All keys.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.iter().map(|(key, _)| key)
    }

    /// All values, in the order of their keys.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }

    /// The entry with the least key.
    pub fn first(&self) -> Option<(&K, &V)> {
        self.iter().next()
    }

    fn entries_from(
        &self,
        chunk: usize,
        at: usize,
    ) -> impl Iterator<Item = (&K, &V)> + use<'_, K, V> {
        let chunks = self.chunks[chunk..].iter();
        let entries = chunks.flat_map(|chunk| chunk.iter()).skip(at);
        entries.map(|(key, value)| (key, value))
    }
}

impl<K: Clone + Ord, V: Clone> SortedMap<K, V> {
    /// In which chunk a key is or would be, and where in it.
    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> (usize, Result<usize, usize>)
    where
        K: Borrow<Q>,
    {
        let (chunk, at) = self.found.get();
        let found = self.chunks.get(chunk).and_then(|entries| entries.get(at));
        if found.is_some_and(|it| it.0.borrow() == key) {
            return (chunk, Ok(at));
        }
        let chunk = self.chunk_after(|it| it.borrow() < key);
        let Some(entries) = self.chunks.get(chunk) else {
            // Behind all others.
            let last = self.chunks.len().saturating_sub(1);
            return (last, Err(self.chunks.get(last).map_or(0, |it| it.len())));
        };
        let at = entries.binary_search_by(|it| it.0.borrow().cmp(key));
        self.found.set((chunk, at.unwrap_or_else(|at| at)));
        (chunk, at)
    }

    /// The first chunk that has a key which is not before something.
    fn chunk_after(&self, is_before: impl Fn(&K) -> bool) -> usize {
        let begins_before = |chunk: &Chunk<K, V>| chunk.first().is_some_and(|it| is_before(&it.0));
        let ends_before = |chunk: &Chunk<K, V>| chunk.last().is_some_and(|it| is_before(&it.0));
        let (near, _) = self.found.get();
        let is_near = |chunk: &Chunk<K, V>| begins_before(chunk) && !ends_before(chunk);
        if self.chunks.get(near).is_some_and(is_near) {
            return near;
        }
        self.chunks.partition_point(ends_before)
    }

    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let (chunk, at) = self.place(key);
        Some(&self.chunks.get(chunk)?.get(at.ok()?)?.1)
    }

    /// Whether there is a value of a key.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.get(key).is_some()
    }

    /// The value of a key, to be changed in this copy.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let (chunk, at) = self.place(key);
        let entries = Rc::make_mut(self.chunks.get_mut(chunk)?);
        Some(&mut entries.get_mut(at.ok()?)?.1)
    }

    /// All values, to be changed in this copy.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        let chunks = self.chunks.iter_mut();
        let entries = chunks.flat_map(|chunk| Rc::make_mut(chunk).iter_mut());
        entries.map(|(_, value)| value)
    }

    /// The entries from a key on.
    pub fn range_from<'a, Q: Ord + ?Sized>(
        &'a self,
        key: &Q,
    ) -> impl Iterator<Item = (&'a K, &'a V)> + use<'a, Q, K, V>
    where
        K: Borrow<Q>,
    {
        let (chunk, at) = self.place(key);
        self.entries_from(chunk, at.unwrap_or_else(|at| at))
    }

    /// The entries after those that are before something, be it a key or not.
    pub fn range_after(&self, is_before: impl Fn(&K) -> bool) -> impl Iterator<Item = (&K, &V)> {
        let chunk = self.chunk_after(&is_before);
        let entries = self.chunks.get(chunk);
        let at = entries.map_or(0, |it| it.partition_point(|it| is_before(&it.0)));
        self.entries_from(chunk, at)
    }

    /// Puts a value to a key, and gives the one that was there.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let (chunk, at) = self.place(&key);
        if self.chunks.is_empty() {
            self.chunks.push(Rc::default());
        }
        let entries = Rc::make_mut(&mut self.chunks[chunk]);
        match at {
            Ok(at) => Some(std::mem::replace(&mut entries[at].1, value)),
            Err(at) => {
                if entries.len() == entries.capacity() {
                    // Of thousands of chunks most would else have half of their room to spare.
                    entries.reserve_exact(entries.len() / 8 + 1);
                }
                entries.insert(at, (key, value));
                self.len += 1;
                if entries.len() > MOST {
                    // What grows at its end leaves full chunks behind.
                    let is_last = at + 1 == entries.len();
                    let rest = entries.split_off(if is_last { at } else { MOST / 2 });
                    self.chunks.insert(chunk + 1, Rc::new(rest));
                }
                None
            }
        }
    }

    /// The value of a key, to be changed; a default one if there is none.
    pub fn or_default(&mut self, key: &K) -> &mut V
    where
        V: Default,
    {
        if !self.contains_key(key) {
            self.insert(key.clone(), V::default());
        }
        self.get_mut(key).expect("it is there now")
    }

    /// Takes an entry out.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let (chunk, at) = self.place(key);
        let at = at.ok()?;
        Some(self.remove_at(chunk, at).1)
    }

    /// Takes the entry with the least key out.
    pub fn pop_first(&mut self) -> Option<(K, V)> {
        (!self.is_empty()).then(|| self.remove_at(0, 0))
    }

    fn remove_at(&mut self, chunk: usize, at: usize) -> (K, V) {
        let entries = Rc::make_mut(&mut self.chunks[chunk]);
        let entry = entries.remove(at);
        self.len -= 1;
        let left = entries.len();
        if left == 0 {
            self.chunks.remove(chunk);
        } else if let Some(next) = self.chunks.get(chunk + 1)
            && left + next.len() <= MOST / 2
        {
            let next = self.chunks.remove(chunk + 1);
            let next = Rc::try_unwrap(next).unwrap_or_else(|shared| (*shared).clone());
            Rc::make_mut(&mut self.chunks[chunk]).extend(next);
        }
        entry
    }

    /// The keys that only one of the maps has, or of which the values are not the same. What the two
    /// share is not looked at.
    pub fn differing<'a>(
        &'a self,
        other: &'a Self,
        is_same: impl Fn(&V, &V) -> bool,
    ) -> Vec<&'a K> {
        let chunks = |it: &Self| it.chunks.iter().map(Rc::as_ptr).collect::<BTreeSet<_>>();
        let (own, others) = (chunks(self), chunks(other));
        let apart = |it: &'a Self, shared: &BTreeSet<*const Vec<(K, V)>>| {
            let chunks = it.chunks.iter();
            let chunks = chunks.filter(|chunk| !shared.contains(&Rc::as_ptr(chunk)));
            chunks.flat_map(|chunk| chunk.iter()).collect::<Vec<_>>()
        };
        let (left, right) = (apart(self, &others), apart(other, &own));
        let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
        let mut differing = Vec::new();
        loop {
            let order = match (left.peek(), right.peek()) {
                (Some(a), Some(b)) => a.0.cmp(&b.0),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => return differing,
            };
            let a = left.next_if(|_| order.is_le());
            let b = right.next_if(|_| order.is_ge());
            let differs = a.zip(b).is_none_or(|(a, b)| !is_same(&a.1, &b.1));
            differing.extend(a.or(b).filter(|_| differs).map(|it| &it.0));
        }
    }

    /// Keeps only some entries. Chunks of which all are kept stay shared.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &V) -> bool) {
        let mut len = 0;
        self.chunks.retain_mut(|chunk| {
            let drops: Vec<bool> = chunk.iter().map(|(key, value)| !keep(key, value)).collect();
            if drops.contains(&true) {
                let mut drops = drops.into_iter();
                Rc::make_mut(chunk).retain(|_| drops.next() != Some(true));
            }
            len += chunk.len();
            !chunk.is_empty()
        });
        self.len = len;
    }
}

/// The value of a key that is there.
impl<Q: Ord + ?Sized, K: Borrow<Q> + Clone + Ord, V: Clone> Index<&Q> for SortedMap<K, V> {
    type Output = V;

    fn index(&self, key: &Q) -> &V {
        self.get(key).expect("no entry of this key")
    }
}

impl<K: Clone + Ord, V: Clone> FromIterator<(K, V)> for SortedMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::default();
        for (key, value) in entries {
            map.insert(key, value);
        }
        map
    }
}

impl<K: PartialEq, V: PartialEq> PartialEq for SortedMap<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.iter().eq(other.iter())
    }
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for SortedMap<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<K: Serialize, V: Serialize> Serialize for SortedMap<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::rng::Rng;

    /// Against the map of the standard library, and against copies made on the way.
    #[test]
    fn it_does_what_a_map_does_and_copies_stay_as_they_were() {
        for seed in 0..20 {
            let mut rng = Rng::new(seed);
            let (mut map, mut model) = (SortedMap::default(), BTreeMap::new());
            let mut copies = Vec::new();
            for step in 0..2000 {
                let key = rng.below(if seed % 2 == 0 { 50 } else { 500 });
                match rng.below(8) {
                    0..4 => assert_eq!(map.insert(key, step), model.insert(key, step)),
                    4..6 => assert_eq!(map.remove(&key), model.remove(&key)),
                    6 => {
                        let change = |value: &mut u64| *value += 1;
                        assert_eq!(
                            map.get_mut(&key).map(change),
                            model.get_mut(&key).map(change)
                        );
                    }
                    _ if step % 40 == 0 => assert_eq!(map.pop_first(), model.pop_first()),
                    _ => {
                        assert!(map.range_from(&key).eq(model.range(key..)));
                        let after = map.range_after(|it| 2 * it < 2 * key + 1);
                        assert!(after.eq(model.range(key + 1..)));
                    }
                }
                assert_eq!(map.get(&key), model.get(&key));
                assert_eq!(
                    (map.len(), map.first()),
                    (model.len(), model.first_key_value())
                );
                if step % 100 == 0 {
                    copies.push((map.clone(), model.clone()));
                }
            }
            let last = (map.clone(), model.clone());
            copies.push((map, model));
            for (copy, was) in &copies {
                assert!(copy.iter().eq(was.iter()), "with seed {seed}");
                let differs = |key: &u64| was.get(key) != last.1.get(key);
                let keys: BTreeSet<u64> = was.keys().chain(last.1.keys()).copied().collect();
                let differing: Vec<u64> = keys.into_iter().filter(differs).collect();
                let found = copy.differing(&last.0, |a, b| a == b).into_iter().copied();
                assert_eq!(found.collect::<Vec<_>>(), differing, "with seed {seed}");
            }
        }
    }
}
