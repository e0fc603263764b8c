//! Many nodes: a field in which each is still there.

use crate::browser::{nodes::Pool, page::Page, visit::visit};

async fn add_many(page: &Page, count: &str) {
    for (name, labels) in [("east", "zone=east"), ("west", "zone=west")] {
        let pool = Pool {
            name,
            count,
            labels,
            taints: "",
        };
        page.add_nodes(pool).await;
    }
    page.sees_the_field().await;
}

#[test]
fn more_than_sixty_nodes_are_a_field_and_each_can_be_found() {
    visit(async |page| {
        add_many(page, "35").await;
        page.apply().await;
        page.settle_to_the_end().await;
        let state = page.state().await;
        assert_eq!(state["nodes"].as_array().map(Vec::len), Some(74));
        assert_eq!(state["pods"].as_array().map(Vec::len), Some(74));

        page.find_nodes("west-17").await;
        page.field_says("1 found").await;
        page.choose_found("west-17").await;
        page.card_says("west-17", "node-exporter").await;
        page.side_says("Should west-17 run a pod?").await;
        page.find_nodes("zone=east").await;
        page.field_says("35 found").await;
        page.find_nodes("").await;

        page.group_by("zone").await;
        let groups = page.field_says("zone=west · 35 nodes").await;
        for group in ["zone=east · 35 nodes", "without zone · 4 nodes"] {
            assert!(groups.contains(group), "{groups}");
        }
        page.group_by("nothing").await;

        page.choose_by_keys(2).await;
        page.card_says("east-2", "node-exporter").await;
        page.click_into_the_field(5, 5).await;
        page.card_says("control-plane", "node-exporter").await;

        page.switch_power_of("control-plane").await;
        page.settle_to_the_end().await;
        page.card_says("control-plane", "NotReady").await;
    });
}

#[test]
fn a_thousand_nodes_roll_out_without_the_page_freezing() {
    visit(async |page| {
        page.watch_for_long_tasks().await;
        add_many(page, "500").await;
        let joined = page.longest_task().await;
        page.apply().await;
        page.settle().await;
        page.is_at_rest().await;
        let status = page.status_says("1004").await;
        let longest = page.longest_task().await;
        println!(
            "1,004 nodes: longest task {joined:.0} ms while they were added, {longest:.0} ms in all"
        );
        let view = page.view().await;
        assert_eq!(view.counter("numberReady"), 1004, "{status}");

        // A long run is stopped by a key, and goes on from there.
        page.say_and_see(
            "set image -n monitoring ds/node-exporter node-exporter=prom/node-exporter:v2",
            "image updated",
        )
        .await;
        page.settle_and_stop_soon().await;
        page.is_at_rest().await;
        let stopped = page.view().await;
        assert!(
            stopped.counter("updatedNumberScheduled") < 1004,
            "{stopped:#?}"
        );
        page.step_forward().await;
        println!(
            "1,004 nodes: longest task {:.0} ms with a rolling update begun",
            page.longest_task().await
        );
    });
}
