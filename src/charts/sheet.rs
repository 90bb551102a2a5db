//! A page to draw on: header, body and closing line, held as a list of marks until plotters writes them as SVG.
//!
//! Marks are plain data, so a test can ask where every text stands. plotters rounds coordinates to whole numbers;
//! it draws at `FINE` times the size, and the picture is shrunk by its `viewBox`.
//!
//! Absent on purpose: axes and data.

use plotters::prelude::{BLACK, Circle, Color, IntoDrawingArea, PathElement, Polygon, RGBColor, Rectangle, SVGBackend, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontFamily, FontStyle, IntoFont, ShapeStyle, TextStyle, register_font};

use super::style::{
    Colour, FAMILY, FONTS, GREY, INK, MARGIN, SMALL, TINY, TITLE, WHITE, WIDTH, Weight, harmless, shown, width, wrap, wrap_evenly, written,
};

/// How many of plotters' whole units make one of ours.
const FINE: f64 = 4.0;
/// plotters divides a font's size by this when it writes SVG.
const FONT_FACTOR: f64 = 1.24;
/// How far lines lie apart, in their size.
const LEADING: f64 = 1.34;
/// Most lines that a title and a subtitle may take.
const MOST_LINES: usize = 5;

/// Where a text stands against its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// It begins there.
    Start,
    /// It is centred there.
    Middle,
    /// It ends there.
    End,
}

/// A rectangle: left, top, width, height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// The left edge.
    pub x: f64,
    /// The upper edge.
    pub y: f64,
    /// How wide it is.
    pub w: f64,
    /// How high it is.
    pub h: f64,
}

impl Area {
    /// The right edge.
    #[must_use]
    pub fn right(self) -> f64 {
        self.x + self.w
    }

    /// The lower edge.
    #[must_use]
    pub fn bottom(self) -> f64 {
        self.y + self.h
    }

    /// True where the two share more than an edge.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }

    /// True where `other` lies wholly within.
    #[must_use]
    pub fn holds(self, other: Self) -> bool {
        self.x <= other.x && self.y <= other.y && other.right() <= self.right() && other.bottom() <= self.bottom()
    }
}

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Type {
    /// Its size.
    pub size: f64,
    /// How heavy it is.
    pub weight: Weight,
    /// Its colour.
    pub colour: Colour,
    /// Where it stands against its point.
    pub align: Align,
}

impl Type {
    /// Plain, in `colour`, beginning at its point.
    #[must_use]
    pub fn new(size: f64, colour: Colour) -> Self {
        Self { size, weight: Weight::Regular, colour, align: Align::Start }
    }

    /// The same in bold.
    #[must_use]
    pub fn bold(self) -> Self {
        Self { weight: Weight::Bold, ..self }
    }

    /// The same, standing otherwise.
    #[must_use]
    pub fn align(self, align: Align) -> Self {
        Self { align, ..self }
    }
}

/// One thing drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// A filled shape.
    Shape(Vec<(f64, f64)>, Colour, f64),
    /// A line through points, with its opacity and thickness.
    Line(Vec<(f64, f64)>, Colour, f64, f64),
    /// A filled rectangle.
    Block(Area, Colour, f64),
    /// A disc of a radius.
    Disc((f64, f64), f64, Colour),
    /// A ring of a radius, filled with paper.
    Ring((f64, f64), f64, Colour),
    /// A text, centred vertically on its point.
    Words(String, (f64, f64), Type),
}

/// A figure while it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// The finding.
    pub title: String,
    /// What a reader who cannot see the figure is told.
    pub description: Vec<String>,
    /// What is drawn, in order.
    pub marks: Vec<Mark>,
    /// Where the figure may draw.
    pub body: Area,
    /// How high the whole is.
    pub height: f64,
}

impl Sheet {
    /// A sheet with its header and closing line, and a body of the height `body`.
    #[must_use]
    pub fn new(title: &str, subtitle: &str, closing: &str, body: f64) -> Self {
        let (title, subtitle, closing) = (written(title), written(subtitle), written(closing));
        let room = WIDTH - 2.0 * MARGIN;
        let mut sheet = Self {
            title: shown(&title),
            description: vec![shown(&subtitle)],
            marks: vec![],
            body: Area { x: MARGIN, y: 0.0, w: room, h: body },
            height: 0.0,
        };
        let below_title = sheet.even(&title, (MARGIN, MARGIN - 4.0), room, Type::new(TITLE, INK).bold());
        sheet.body.y = sheet.even(&subtitle, (MARGIN, below_title + 5.0), room, Type::new(SMALL, GREY)) + 14.0;
        let end = sheet.even(&closing, (MARGIN, sheet.body.bottom() + 8.0), room, Type::new(TINY, GREY));
        sheet.height = (end + MARGIN - 6.0).ceil();
        sheet
    }

    /// As [`Self::paragraph`], in lines as even as can be.
    fn even(&mut self, text: &str, (x, mut y): (f64, f64), room: f64, how: Type) -> f64 {
        for line in wrap_evenly(text, room, how.size, how.weight, MOST_LINES) {
            y = self.paragraph(&line, (x, y), f64::INFINITY, how);
        }
        y
    }

    /// Writes `text` from a point downwards, in lines no wider than `room`; tells where it ends.
    pub fn paragraph(&mut self, text: &str, (x, mut y): (f64, f64), room: f64, how: Type) -> f64 {
        let step = how.size * LEADING;
        for line in wrap(&written(text), room, how.size, how.weight, MOST_LINES) {
            self.marks.push(Mark::Words(line, (x, y + step / 2.0), how));
            y += step;
        }
        y
    }

    /// Writes `text`, if there is any, at a point, centred vertically on it.
    pub fn text(&mut self, text: &str, at: (f64, f64), how: Type) {
        if !text.is_empty() {
            self.marks.push(Mark::Words(shown(&written(text)), at, how));
        }
    }

    /// Draws a line.
    pub fn line(&mut self, points: Vec<(f64, f64)>, colour: Colour, thick: f64) {
        self.marks.push(Mark::Line(points, colour, 1.0, thick));
    }

    /// Draws a line in dashes of `dash`, with gaps of two thirds of it.
    pub fn dashes(&mut self, points: &[(f64, f64)], colour: Colour, thick: f64, dash: f64) {
        for piece in dashes(points, dash, dash * 0.66) {
            self.line(piece, colour, thick);
        }
    }

    /// Where a text stands, by its measured width and the height of its letters.
    #[must_use]
    pub fn place(text: &str, (x, y): (f64, f64), how: Type) -> Area {
        let w = width(text, how.size, how.weight);
        let x = match how.align {
            Align::Start => x,
            Align::Middle => x - w / 2.0,
            Align::End => x - w,
        };
        Area { x, y: y - how.size * 0.5, w, h: how.size }
    }

    /// Where every text stands.
    #[must_use]
    pub fn texts(&self) -> Vec<(&str, Area)> {
        let place = |mark| if let &Mark::Words(ref text, at, how) = mark { Some((text.as_str(), Self::place(text, at, how))) } else { None };
        self.marks.iter().filter_map(place).filter(|(text, _)| !text.trim().is_empty()).collect()
    }

    /// The whole page.
    #[must_use]
    pub fn page(&self) -> Area {
        Area { x: 0.0, y: 0.0, w: WIDTH, h: self.height }
    }

    /// The figure as SVG with live text; `name` keeps its identifiers apart from those of others on one page.
    ///
    /// # Panics
    /// Never: writing into memory does not fail, and the fonts are embedded.
    #[must_use]
    pub fn svg(&self, name: &str, language: &str) -> String {
        for (style, font) in [(FontStyle::Normal, FONTS[0][0]), (FontStyle::Bold, FONTS[1][0])] {
            assert!(register_font(FAMILY, style, font).is_ok(), "the embedded fonts are whole");
        }
        let mut text = String::new();
        {
            let size = (fine(WIDTH).unsigned_abs(), fine(self.height).unsigned_abs());
            let root = SVGBackend::with_string(&mut text, size).into_drawing_area();
            root.fill(&paint(WHITE)).expect("memory takes everything");
            for mark in &self.marks {
                draw(&root, mark);
            }
            root.present().expect("memory takes everything");
        }
        // plotters knows neither a title nor a language; both stand in the opening tag and right after it.
        let (_, drawn) = text.split_once('>').unwrap_or(("", &text));
        let (wide, high) = (fine(WIDTH), fine(self.height));
        let language: String = language.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-').collect();
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{}\" viewBox=\"0 0 {wide} {high}\" role=\"img\" lang=\"{language}\" \
             aria-labelledby=\"{name}-title {name}-desc\">\n<title id=\"{name}-title\">{}</title>\n<desc id=\"{name}-desc\">{}</desc>{drawn}",
            self.height,
            escaped(&self.title),
            escaped(&shown(&harmless(&self.description.join(" "))))
        )
    }
}

type Root<'a> = plotters::drawing::DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;

fn draw(root: &Root<'_>, mark: &Mark) {
    let at = |(x, y): &(f64, f64)| (fine(*x), fine(*y));
    let drawn = match mark {
        Mark::Shape(points, colour, alpha) => {
            root.draw(&Polygon::new(points.iter().map(at).collect::<Vec<_>>(), paint(*colour).mix(*alpha).filled()))
        }
        Mark::Line(points, colour, alpha, thick) => {
            let style = ShapeStyle { color: paint(*colour).mix(*alpha), filled: false, stroke_width: fine(*thick).unsigned_abs() };
            root.draw(&PathElement::new(points.iter().map(at).collect::<Vec<_>>(), style))
        }
        Mark::Block(area, colour, alpha) => {
            let corners = [(fine(area.x), fine(area.y)), (fine(area.right()), fine(area.bottom()))];
            root.draw(&Rectangle::new(corners, paint(*colour).mix(*alpha).filled()))
        }
        Mark::Disc(centre, radius, colour) => root.draw(&Circle::new(at(centre), fine(*radius), paint(*colour).filled())),
        Mark::Ring(centre, radius, colour) => {
            let ring = ShapeStyle { color: paint(*colour).to_rgba(), filled: false, stroke_width: fine(1.8).unsigned_abs() };
            root.draw(&Circle::new(at(centre), fine(*radius), paint(WHITE).filled()))
                .and_then(|()| root.draw(&Circle::new(at(centre), fine(*radius), ring)))
        }
        Mark::Words(text, point, how) => {
            let style = if how.weight == Weight::Bold { FontStyle::Bold } else { FontStyle::Normal };
            let font = (FontFamily::Name(FAMILY), how.size * FINE * FONT_FACTOR, style).into_font();
            let horizontal = match how.align {
                Align::Start => HPos::Left,
                Align::Middle => HPos::Center,
                Align::End => HPos::Right,
            };
            let ink = paint(how.colour);
            let style = TextStyle::from(font).color(&ink).pos(Pos::new(horizontal, VPos::Center));
            // plotters centres on the small letters; numbers and capitals are centred a little higher.
            let point = (point.0, point.1 + how.size * 0.08);
            root.draw(&Text::new(text.as_str(), at(&point), style))
        }
    };
    drawn.expect("memory takes everything");
}

fn paint((red, green, blue): Colour) -> RGBColor {
    if (red, green, blue) == (0, 0, 0) { BLACK } else { RGBColor(red, green, blue) }
}

fn fine(length: f64) -> i32 {
    (length * FINE).round() as i32
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The pieces of a line through `points` that dashes and gaps of these lengths leave.
fn dashes(points: &[(f64, f64)], dash: f64, gap: f64) -> Vec<Vec<(f64, f64)>> {
    let mut pieces = vec![];
    let (mut left, mut drawing) = (dash, true);
    let mut piece: Vec<(f64, f64)> = points.first().copied().into_iter().collect();
    for pair in points.windows(2) {
        let ((mut x, mut y), (to_x, to_y)) = (pair[0], pair[1]);
        loop {
            let far = ((to_x - x).powi(2) + (to_y - y).powi(2)).sqrt();
            if far <= left {
                left -= far;
                if drawing {
                    piece.push((to_x, to_y));
                }
                break;
            }
            (x, y) = (x + (to_x - x) * left / far, y + (to_y - y) * left / far);
            piece.push((x, y));
            if drawing {
                pieces.push(std::mem::take(&mut piece));
            } else {
                piece = vec![(x, y)];
            }
            drawing = !drawing;
            left = if drawing { dash } else { gap };
        }
    }
    if drawing && piece.len() > 1 {
        pieces.push(piece);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_cover_their_share_of_the_line() {
        let pieces = dashes(&[(0.0, 0.0), (30.0, 0.0), (30.0, 70.0)], 6.0, 4.0);
        let length: f64 =
            pieces.iter().flat_map(|piece| piece.windows(2)).map(|pair| (pair[1].0 - pair[0].0).abs() + (pair[1].1 - pair[0].1).abs()).sum();
        assert!(pieces.len() == 10 && (length - 60.0).abs() < 1e-9, "{length} in {pieces:?}");
        assert!(dashes(&[], 6.0, 4.0).is_empty() && dashes(&[(1.0, 1.0)], 6.0, 4.0).is_empty());
    }
}
