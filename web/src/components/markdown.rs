//! The text of lessons. It is drawn from data: nothing in it can become HTML.

use yew::prelude::*;

use crate::view::markdown::{Block, Span};

/// Draws blocks of text.
pub fn blocks(blocks: &[Block]) -> Html {
    blocks
        .iter()
        .map(|block| match block {
            Block::Paragraph(text) => html! { <p>{ spans(text) }</p> },
            Block::List(items) => {
                html! { <ul class="prose__list">{ for items.iter().map(|item| html! { <li>{ spans(item) }</li> }) }</ul> }
            }
        })
        .collect()
}

fn spans(text: &[Span]) -> Html {
    text.iter()
        .map(|span| match span {
            Span::Text(text) => html! { { text } },
            Span::Code(text) => html! { <code>{ text }</code> },
            Span::Bold(text) => html! { <b>{ text }</b> },
            Span::Emphasis(text) => html! { <em>{ text }</em> },
        })
        .collect()
}
