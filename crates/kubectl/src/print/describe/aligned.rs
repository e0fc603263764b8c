//! Text with tabs, its cells brought into columns.

const PADDING: usize = 2;

/// Lets each column be as wide as its widest cell and two blanks more. A column is made of the
/// cells that end in a tab, of lines that follow each other without one that has no such cell.
///
/// Models Go's `text/tabwriter` as `tabbedString` of kubectl `pkg/describe/describe.go` sets it,
/// v1.34.
pub(crate) fn aligned(text: &str) -> String {
    let lines: Vec<Vec<&str>> = text.lines().map(|it| it.split('\t').collect()).collect();
    let mut aligned = String::new();
    columns(&lines, &mut Vec::new(), &mut aligned);
    aligned
}

/// Writes lines whose first columns have these widths.
fn columns(lines: &[Vec<&str>], widths: &mut Vec<usize>, aligned: &mut String) {
    let column = widths.len();
    let has_it = |line: &[&str]| line.len() > column + 1;
    for block in lines.chunk_by(|a, b| has_it(a) == has_it(b)) {
        if !block.first().is_some_and(|line| has_it(line)) {
            block.iter().for_each(|it| line(it, widths, aligned));
            continue;
        }
        let cells = block.iter().filter_map(|line| line.get(column));
        let widest = cells.map(|it| it.chars().count()).max().unwrap_or(0);
        widths.push(widest + PADDING);
        columns(block, widths, aligned);
        widths.pop();
    }
}

fn line(cells: &[&str], widths: &[usize], aligned: &mut String) {
    for (i, cell) in cells.iter().enumerate() {
        match widths.get(i) {
            Some(width) => *aligned += &format!("{cell:<width$}"),
            None => *aligned += cell,
        }
    }
    aligned.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_reach_as_far_as_their_cells_follow_each_other() {
        let check = |text: &str, want: &str| assert_eq!(aligned(text), want);
        check("a:\tb\nlong:\tc\n", "a:     b\nlong:  c\n");
        check("a:\tb\nalone\nlong:\tc\n", "a:  b\nalone\nlong:  c\n");
        check("a\tb\t\tc\nd\te\t\tf\n", "a  b    c\nd  e    f\n");
        check("a\tlong\tx\nb\ty\nc\tz\tw\n", "a  long  x\nb  y\nc  z  w\n");
        check("a:\t\nb:\t\n", "a:  \nb:  \n");
        check("\tx\na\ty\n", "   x\na  y\n");
    }
}
