//! The tutorial is typed as it stands: every command in order, in an empty folder, with the scenario that it shows.

use assert_cmd::Command;
use std::path::Path;

/// What stands in fences, each with the word behind its first mark.
fn blocks(text: &str) -> Vec<(&str, Vec<&str>)> {
    let mut found: Vec<(&str, Vec<&str>)> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        if let Some(kind) = line.strip_prefix("```") {
            inside = !inside;
            if inside {
                found.push((kind, Vec::new()));
            }
        } else if inside && let Some((_, lines)) = found.last_mut() {
            lines.push(line);
        }
    }
    assert!(!inside, "the last fence is closed");
    found
}

/// What a block of the scenario makes of the file: all of it, or, where it is one line, that in place of the one it resembles most.
fn written(before: &str, block: &[&str]) -> String {
    let [one] = block else { return block.join("\n") + "\n" };
    let alike = |line: &str| line.bytes().zip(one.bytes()).take_while(|(a, b)| a == b).count();
    let nearest = before.lines().max_by_key(|line| alike(line)).expect("a file before the line that mends it");
    assert!(alike(nearest) > 10 && nearest != *one, "{one} mends nothing");
    before.replacen(nearest, one, 1)
}

/// Whether `shown` are lines of `printed` in their order, where `...` stands for what was left out.
fn holds(shown: &[&str], printed: &[&str]) -> Result<(), String> {
    let mut at = 0;
    let mut gap = false;
    for line in shown {
        if *line == "..." {
            gap = true;
            continue;
        }
        let found = printed[at..].iter().position(|other| other == line).filter(|skipped| gap || *skipped == 0);
        let Some(skipped) = found else { return Err(format!("shows a line that is not printed there:\n{line}")) };
        (at, gap) = (at + skipped + 1, false);
    }
    if gap || at == printed.len() { Ok(()) } else { Err(format!("leaves out without a word:\n{}", printed[at])) }
}

#[test]
fn the_tutorial_can_be_typed_and_shows_what_is_printed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/TUTORIAL.md");
    let text = std::fs::read_to_string(path).expect("docs/TUTORIAL.md is there").replace("\r\n", "\n");
    let home = tempfile::tempdir().expect("a temporary folder");
    let file = home.path().join("my-question.toml");
    let mut typed = 0;
    for (kind, lines) in blocks(&text) {
        match kind {
            "toml" => std::fs::write(&file, written(&std::fs::read_to_string(&file).unwrap_or_default(), &lines)).expect("the folder can be written"),
            "text" => {
                assert!(lines.first().is_some_and(|line| line.starts_with("$ fivep ")), "a picture begins with its command");
                for commanded in by_command(&lines) {
                    let (command, shown) = commanded.split_first().expect("a command");
                    let words: Vec<&str> = command.strip_prefix("$ fivep ").expect("a command").split_whitespace().collect();
                    let output = Command::new(assert_cmd::cargo::cargo_bin!("fivep"))
                        .args(&words)
                        .current_dir(home.path())
                        .output()
                        .expect("the program starts");
                    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).expect("text"));
                    // A terminal shows both; what is told aside comes last here, so that the folder of a run is the last line.
                    let printed: Vec<&str> = said.iter().flat_map(|said| said.lines()).filter(|line| !line.is_empty()).collect();
                    let shown: Vec<&str> = shown.iter().copied().filter(|line| !line.is_empty()).collect();
                    assert_eq!(output.status.success(), !shown[0].starts_with("error: "), "{command}: {said:?}");
                    if let Err(fault) = holds(&shown, &printed) {
                        panic!("docs/TUTORIAL.md, below `{command}`, {fault}\n\nprinted was:\n{}", printed.join("\n"));
                    }
                    typed += 1;
                }
            }
            other => panic!("a block of docs/TUTORIAL.md is of the kind `{other}`"),
        }
    }
    assert!(typed >= 9, "{typed} commands were typed");
}

/// The lines of a block, split before each command.
fn by_command<'a>(lines: &'a [&'a str]) -> Vec<&'a [&'a str]> {
    let starts: Vec<usize> = lines.iter().enumerate().filter(|(_, line)| line.starts_with("$ ")).map(|(at, _)| at).chain([lines.len()]).collect();
    starts.windows(2).map(|pair| &lines[pair[0]..pair[1]]).collect()
}

#[test]
fn a_line_that_is_not_printed_is_found() {
    let printed = ["a", "b", "c"];
    assert!(holds(&["a", "...", "c"], &printed).is_ok() && holds(&["a", "b", "c"], &printed).is_ok() && holds(&["...", "c"], &printed).is_ok());
    for shown in [&["a", "c"][..], &["a", "b"], &["b", "..."], &["...", "d"], &["...", "b", "a"]] {
        assert!(holds(shown, &printed).is_err(), "{shown:?}");
    }
    assert_eq!(written("x = 1\npolicy.protection.a = 2\n", &["policy.protection.b = 3"]), "x = 1\npolicy.protection.b = 3\n");
}
