//! Getting a container's image onto the node, and what is said when it is not to be had.
//!
//! Models `EnsureImageExists`, `pkg/kubelet/images/image_manager.go`, v1.34. What an image weighs
//! is not known; every one is said to have the same size.

use std::collections::BTreeMap;

use objects::{EventType, Millis, Name, Pod};
use serde::Serialize;

use super::{
    status,
    worker::{State, Work, container},
};
use crate::{
    Cluster, Key, What, Why,
    due::Patience,
    fault::{Behaviour, Pull},
};

/// What there is to say of images, in all of the world.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Images {
    pulls: BTreeMap<Box<str>, Pull>,
    behaviours: BTreeMap<Box<str>, Behaviour>,
}

impl Images {
    fn pull(&self, image: &str) -> Pull {
        self.pulls.get(image).copied().unwrap_or_default()
    }

    pub(super) fn behaviour(&self, image: &str) -> Behaviour {
        self.behaviours.get(image).copied().unwrap_or_default()
    }

    /// Whether that is news.
    pub(crate) fn set_pull(&mut self, image: &str, goes: Pull) -> bool {
        let news = self.pull(image) != goes;
        if news {
            self.pulls.insert(image.into(), goes);
        }
        news
    }

    /// Whether that is news.
    pub(crate) fn set_behaviour(&mut self, image: &str, behaves: Behaviour) -> bool {
        let news = self.behaviour(image) != behaves;
        if news {
            self.behaviours.insert(image.into(), behaves);
        }
        news
    }
}

/// How big every image is said to be.
const SIZE_BYTES: u64 = 50 << 20;

/// How long after a failure the kubelet looks again and finds that it has to wait.
const RELIST_PERIOD: Millis = Millis::from_secs(1);

/// Why a container's image is not there, and will not be without a change.
enum Refusal {
    Never,
    InvalidName,
}

/// Whether a reference names an image: `[HOST[:PORT]/]PATH[:TAG][@DIGEST]`.
///
/// Models `reference.ParseNormalizedNamed`, `github.com/distribution/reference`.
fn is_reference(image: &str) -> bool {
    let (name, digest) = match image.split_once('@') {
        Some((name, digest)) => (name, Some(digest)),
        None => (image, None),
    };
    let digest_fits = digest.is_none_or(|it| {
        let (algorithm, hex) = it.split_once(':').unwrap_or_default();
        let hex_fits = hex.len() >= 32 && hex.bytes().all(|b| b.is_ascii_hexdigit());
        hex_fits
            && algorithm
                .bytes()
                .next()
                .is_some_and(|b| b.is_ascii_alphabetic())
    });
    let slash = name.rfind('/').map_or(0, |at| at + 1);
    let (path, tag) = match name[slash..].split_once(':') {
        Some((last, tag)) => (&name[..slash + last.len()], Some(tag)),
        None => (name, None),
    };
    let tag_fits = tag.is_none_or(|it| {
        let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
        it.len() <= 128
            && it.bytes().next().is_some_and(word)
            && it.bytes().all(|b| word(b) || matches!(b, b'.' | b'-'))
    });
    let component_fits = |part: &str| {
        let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let ends = [part.bytes().next(), part.bytes().next_back()];
        ends.iter().all(|it| it.is_some_and(letter))
            && part
                .bytes()
                .all(|b| letter(b) || matches!(b, b'.' | b'_' | b'-'))
    };
    let is_host = |part: &str| {
        part.contains(['.', ':'])
            || part == "localhost"
            || part.bytes().any(|b| b.is_ascii_uppercase())
    };
    let host_fits = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':'))
    };
    let path_fits = match path.split_once('/') {
        Some((first, rest)) if is_host(first) => {
            host_fits(first) && rest.split('/').all(component_fits)
        }
        _ => path.split('/').all(component_fits),
    };
    digest_fits && tag_fits && path_fits && image.len() <= 512
}

fn not_found(image: &str) -> String {
    format!(
        "rpc error: code = NotFound desc = failed to pull and unpack image {image:?}: failed to resolve reference {image:?}: {image}: not found"
    )
}

impl Cluster {
    /// Gets the image of a container if need be, and has it started then; the image that is
    /// pulled, if one is.
    pub(super) fn prepare(&mut self, node: &Name, key: &Key, pod: &Pod, at: usize) -> Option<Name> {
        let container = container(pod, at)?;
        let image = container.image.clone();
        let present = self.kubelets.get(node)?.images.contains(&image);
        let refusal = if !is_reference(&image) {
            Some(Refusal::InvalidName)
        } else if container.image_pull_policy == "Never" && !present {
            Some(Refusal::Never)
        } else {
            None
        };
        if refusal.is_some() {
            self.run(node, key, at)?.state = State::Refused;
            self.work_now(node, key, Work::Refused(at));
            self.advance(node, key, pod);
            return None;
        }
        if present && container.image_pull_policy != "Always" {
            let message = format!("Container image {image:?} already present on machine");
            self.record_on_pod(pod, "kubelet", node, EventType::Normal, "Pulled", message);
            self.run(node, key, at)?.state = State::Starting;
            self.work_after(self.timing.container_start, node, key, Work::Start(at));
            return None;
        }
        let message = format!("Pulling image {image:?}");
        self.record_on_pod(pod, "kubelet", node, EventType::Normal, "Pulling", message);
        self.run(node, key, at)?.state = State::Pulling;
        let usual = if present {
            // Only the registry is asked whether it is still the same.
            Millis(self.timing.image_pull.0 / 10)
        } else {
            self.timing.image_pull
        };
        let jittered = self.rng.jitter(usual, self.timing.jitter_percent);
        let (takes, work) = match self.images.pull(&image) {
            Pull::Ok => (jittered, Work::Pulled(at)),
            Pull::Slow(time) => (time, Work::Pulled(at)),
            Pull::Fails => (jittered, Work::PullFailed(at)),
        };
        let now = self.now;
        let kubelet = self.kubelet_mut(node)?;
        let done = kubelet.pulls_until.max(now) + takes;
        kubelet.pulls_until = done;
        self.run(node, key, at)?.pull_takes = (takes, done - now);
        self.work_at(done, node, key, work, Patience::Awaited);
        Some(image)
    }

    pub(super) fn pulled(
        &mut self,
        node: &Name,
        key: &Key,
        pod: &Pod,
        at: usize,
    ) -> Option<(What, Why)> {
        let image = container(pod, at)?.image.clone();
        let run = self.run(node, key, at)?;
        run.state = State::Starting;
        let (took, with_waiting) = run.pull_takes;
        let is_new = self.kubelet_mut(node)?.images.insert(image.clone());
        let message = format!(
            "Successfully pulled image {image:?} in {took} ({with_waiting} including waiting). Image size: {SIZE_BYTES} bytes."
        );
        self.record_on_pod(pod, "kubelet", node, EventType::Normal, "Pulled", message);
        self.work_after(self.timing.container_start, node, key, Work::Start(at));
        let why = if is_new {
            Why::ImageArrived
        } else {
            Why::PullsAlways
        };
        Some((What::Pulled { image }, why))
    }

    pub(super) fn pull_failed(
        &mut self,
        node: &Name,
        key: &Key,
        pod: &Pod,
        at: usize,
    ) -> Option<(What, Why)> {
        let image = container(pod, at)?.image.clone();
        let now = self.now;
        let run = self.run(node, key, at)?;
        run.state = State::Refused;
        let delay = run.pull_back_off.grow(now);
        let error = not_found(&image);
        let message = format!("Failed to pull image {image:?}: {error}");
        self.warn(pod, node, "Failed", message);
        self.warn(pod, node, "Failed", "Error: ErrImagePull".into());
        let timestamp = self.timestamp();
        self.write_pod(key, |pod| {
            status::waits(pod, at, "ErrImagePull", &error, timestamp)
        });
        self.work_at(
            now + RELIST_PERIOD,
            node,
            key,
            Work::PullBackOff(at),
            Patience::Awaited,
        );
        // It is tried again when an error resync, every 10 s to 15 s, finds the delay over.
        let late = match self.timing.jitter_percent {
            0 => Millis(0),
            _ => Millis(i64::try_from(self.rng.below(5_000)).unwrap_or(0)),
        };
        self.work_at(
            now + delay + late,
            node,
            key,
            Work::Prepare(at),
            Patience::Retry,
        );
        self.advance(node, key, pod);
        Some((
            What::PullFailed {
                image,
                reason: "ErrImagePull".into(),
            },
            Why::Said(error),
        ))
    }

    pub(super) fn pull_back_off(
        &mut self,
        node: &Name,
        key: &Key,
        pod: &Pod,
        at: usize,
    ) -> Option<(What, Why)> {
        let image = container(pod, at)?.image.clone();
        if self.run(node, key, at)?.state != State::Refused {
            return None;
        }
        let said = format!("Back-off pulling image {image:?}");
        self.record_on_pod(
            pod,
            "kubelet",
            node,
            EventType::Normal,
            "BackOff",
            said.clone(),
        );
        self.warn(pod, node, "Failed", "Error: ImagePullBackOff".into());
        let message = format!("{said}: ErrImagePull: {}", not_found(&image));
        let timestamp = self.timestamp();
        self.write_pod(key, |pod| {
            status::waits(pod, at, "ImagePullBackOff", &message, timestamp)
        });
        let delay = self.run(node, key, at)?.pull_back_off.delay();
        let container = container(pod, at)?.name.clone();
        Some((
            What::BacksOff { container, delay },
            Why::PullFailedBefore { image },
        ))
    }

    /// The image is not there, and the kubelet may not or cannot pull it.
    pub(super) fn refused(
        &mut self,
        node: &Name,
        key: &Key,
        pod: &Pod,
        at: usize,
    ) -> Option<(What, Why)> {
        let image = container(pod, at)?.image.clone();
        let (reason, events, message) = if is_reference(&image) {
            let said =
                format!("Container image {image:?} is not present with pull policy of Never");
            ("ErrImageNeverPull", "ErrImageNeverPull", said)
        } else {
            let said = format!(
                "Failed to apply default image tag {image:?}: couldn't parse image name {image:?}: invalid reference format"
            );
            ("InvalidImageName", "InspectFailed", said)
        };
        self.warn(pod, node, events, message.clone());
        self.warn(pod, node, "Failed", format!("Error: {reason}"));
        let timestamp = self.timestamp();
        let before = pod.metadata.resource_version.clone();
        self.write_pod(key, |pod| {
            status::waits(pod, at, reason, &message, timestamp)
        });
        let late = self
            .rng
            .jitter(Millis::from_secs(12), self.timing.jitter_percent);
        self.work_at(
            self.now + late,
            node,
            key,
            Work::Prepare(at),
            Patience::Retry,
        );
        if self.store.pods.get(key)?.metadata.resource_version == before {
            return None;
        }
        Some((
            What::PullFailed {
                image,
                reason: reason.into(),
            },
            Why::Said(message),
        ))
    }

    fn warn(&mut self, pod: &Pod, node: &Name, reason: &str, message: String) {
        self.record_on_pod(pod, "kubelet", node, EventType::Warning, reason, message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn section_6_4_names_of_images() {
        let digest = format!("a@sha256:{}", "0".repeat(64));
        for good in [
            "nginx",
            "nginx:1.27",
            "registry:5000/a",
            "r.io/a/b_c:v1",
            &digest,
            "localhost/a",
            "a.b/c-d",
        ] {
            assert!(is_reference(good), "{good}");
        }
        for bad in [
            "",
            "Nginx",
            "nginx:",
            "nginx:-1",
            "a//b",
            "/a",
            "a/",
            "a b",
            "a@sha256:1",
            ":tag",
        ] {
            assert!(!is_reference(bad), "{bad}");
        }
    }
}
