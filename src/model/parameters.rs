//! What is assumed whatever the policy.
//!
//! A parameter's name, unit, bounds, rule and meaning stand here, once; its value, range, evidence grade and
//! source stand in the country's parameter file, where a missing or an unknown one is a fault.
//!
//! Absent on purpose: any value. A number in a process that is not a parameter is part of a rule.

/// What is known of a parameter before any country.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameter {
    /// The process it belongs to: the table in the parameter file.
    pub process: &'static str,
    /// Its key in that table.
    pub name: &'static str,
    /// The key it had before it became words; empty where it has always had this one. A file that still has it is told the new one.
    pub former: &'static str,
    /// The letters by which the rules' formulas call it; empty where they call it by its name or not at all. A letter means the same within one rule only.
    pub symbol: &'static str,
    /// The number of the rule it enters.
    pub rule: u8,
    /// Its unit.
    pub unit: &'static str,
    /// The least value it may take.
    pub min: f64,
    /// The greatest value it may take.
    pub max: f64,
    /// What it means.
    pub text: &'static str,
}

impl Parameter {
    /// Its address: PROCESS.NAME.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{}.{}", self.process, self.name)
    }
}

macro_rules! parameters {
    ($($(#[doc = $about:literal])+ $process:ident $Struct:ident { $($name:ident $((was $former:ident))?, $symbol:literal, $rule:literal, $unit:literal, $min:literal..=$max:literal, $text:literal;)* })*) => {
        $($(#[doc = $about])+
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct $Struct { $(#[doc = $text] pub $name: f64,)* })*

        /// Every parameter of the model, by process.
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct Parameters { $($(#[doc = $about])+ pub $process: $Struct,)* }

        /// The table of all parameters, in the order of a row of values.
        pub const PARAMETERS: &[Parameter] = &[
            $($(Parameter { process: stringify!($process), name: stringify!($name), former: concat!($(stringify!($former))?), symbol: $symbol, rule: $rule, unit: $unit, min: $min, max: $max, text: $text },)*)*
        ];

        impl Parameters {
            /// Reads all parameters from a row of values in the order of [`PARAMETERS`].
            #[must_use]
            pub fn from_row(row: &[f64]) -> Self {
                assert_eq!(row.len(), PARAMETERS.len(), "a row holds one value for every parameter");
                let mut values = row.iter().copied();
                let mut next = || values.next().expect("the length was checked above");
                Self { $($process: $Struct { $($name: next(),)* },)* }
            }
        }
    };
}

/// The place of the parameter at `path` (PROCESS.NAME) in a row of values.
#[must_use]
pub fn place(path: &str) -> Option<usize> {
    let (process, name) = path.split_once('.')?;
    PARAMETERS.iter().position(|parameter| parameter.process == process && parameter.name == name)
}

/// The parameter that had this key in its process before its key became words.
#[must_use]
pub fn renamed(process: &str, key: &str) -> Option<&'static Parameter> {
    PARAMETERS.iter().find(|parameter| parameter.process == process && !key.is_empty() && parameter.former == key)
}

// A row: the key and, where it was a letter or a stub, the one before it; the symbol in the rules, the rule, the unit, the bounds, the meaning.
parameters! {
    /// How far what a profile assumes may be off, one for all sectors or origins: whoever counts too few in one counts too few in the next.
    profile Profile {
        propensity, "", 34, "factor on the odds", 0.1..=10.0, "Propensity of employers to exploit, in all sectors, against what the profile says.";
        forced, "", 34, "factor on the odds", 0.1..=10.0, "Share of workers in exploitation at the start, in all sectors, against what the profile says.";
        indebted, "", 34, "factor on the odds", 0.1..=10.0, "Share of migrant workers in debt at the start, against what the profile says.";
        formality, "", 34, "factor on the odds", 0.1..=10.0, "How visible workplaces are to inspection, in all sectors, against what the profile says.";
        exporters, "", 34, "factor on the odds", 0.1..=10.0, "Share of employers that export, in all sectors, against what the profile says.";
        employers, "", 34, "factor", 0.2..=5.0, "Number of employers, in all sectors, against what the profile says: fewer are larger.";
        exploitative, "", 34, "factor on the odds", 0.1..=10.0, "Share of recruits whom recruiters place exploitatively at the start, against what the profile says.";
        recruiters, "", 34, "factor", 0.2..=5.0, "Number of informal recruiters, against what the profile says.";
        complicit, "", 34, "factor on the odds", 0.1..=10.0, "Share of complicit officials, in all agencies, against what the profile says.";
        fear, "", 34, "factor on the odds", 0.1..=10.0, "Believed risk of arrest at the start, of all origins, against what the profile says.";
        trust, "", 34, "added", -1.0..=1.0, "Trust in the authorities at the start, of all origins, against what the profile says.";
        rumours, "", 34, "factor on the odds", 0.1..=10.0, "Strength of rumours, of all shocks, against what the profile says.";
    }

    /// How much of what is planned is done: a scenario says what a plan means to do, and what comes of it is uncertain, P by P.
    implementation Implementation {
        policy, "", 34, "factor", 0.0..=3.0, "How far levers of national policy are carried out beyond their defaults, against what the scenario says.";
        prosecution, "", 34, "factor", 0.0..=3.0, "How far levers of prosecution are carried out beyond their defaults, against what the scenario says.";
        protection, "", 34, "factor", 0.0..=3.0, "How far levers of protection are carried out beyond their defaults, against what the scenario says.";
        prevention, "", 34, "factor", 0.0..=3.0, "How far levers of prevention are carried out beyond their defaults, against what the scenario says.";
        partnership, "", 34, "factor", 0.0..=3.0, "How far levers of partnership are carried out beyond their defaults, against what the scenario says.";
    }

    /// Who leaves, and by which channel.
    migration Migration {
        cost_weight (was beta), "beta", 1, "per W", 0.0..=5.0, "Weight of cost in the choice of a channel.";
        wage_gap (was gap), "", 1, "share of W", 0.0..=1.0, "Income forgone in each month of waiting.";
        waiting_weight (was delta), "delta", 1, "share", 0.0..=1.0, "Weight of income forgone while waiting.";
        legal_value, "", 1, "W", 0.0..=10.0, "What a legal status is worth to a migrant before any experience.";
        peer_pull (was nu), "nu", 1, "per unit", 0.0..=3.0, "Pull of own villagers abroad on departure and on the channel that peers know.";
        arrest_weight (was rho), "rho", 1, "per unit", 0.0..=5.0, "Weight of the believed arrest risk against irregular channels.";
        season, "", 1, "share", 0.0..=0.5, "Amplitude of the season in departures; the peak is the month after harvest, February.";
        network_cost, "", 1, "share of the broker fee", 0.0..=1.0, "Cost of crossing through the own network.";
        reputation, "", 1, "per unit", 0.0..=5.0, "Weight of brokers' reputation in the own community.";
        reconsider, "", 2, "a month", 0.0..=0.5, "Rate at which applicants in the queue reconsider.";
        household_shock, "", 33, "share", 0.0..=1.0, "Part of the entries of citizens that follows a household's loss and that full social protection would prevent.";
        online, "", 33, "share", 0.0..=1.0, "Part of the entries of citizens, and of people into compounds, that begins with an offer online.";
        minor_entry, "", 33, "ratio", 0.0..=2.0, "Entry of minors at risk relative to adults at risk.";
        debt_push, "", 1, "ratio", 0.0..=2.0, "How much a debt below 2 W that was brought home pushes to leave again; three times as much from there on.";
    }

    /// Fees, debt, extortion.
    recruitment Recruitment {
        markup, "", 3, "W", 0.0..=5.0, "What agencies add to the capped fee where nobody enforces the cap.";
        crackdown_price, "", 3, "share", 0.0..=3.0, "Rise of the irregular fee under a full crackdown.";
        borrowed, "", 4, "share", 0.0..=1.0, "Share of the recruitment cost that is borrowed.";
        interest, "", 4, "a month", 0.0..=0.2, "Monthly interest on recruitment debt.";
        repayment (was repay), "", 4, "share of the wage", 0.0..=1.0, "Share of the wage really paid that goes into repayment.";
        wage_violation, "", 4, "share of W", 0.0..=1.0, "Wage really paid under rights violations.";
        wage_forced, "", 4, "share of W", 0.0..=1.0, "Wage really paid in forced labour.";
        home_income, "", 4, "share of W", 0.0..=1.0, "Income at home from which debt is repaid.";
        debt_vulnerability (was kappa), "kappa5", 5, "per W", 0.0..=2.0, "How much debt raises exploitation at arrival.";
        extortion, "", 23, "W", 0.0..=1.0, "What a complicit official takes from an irregular migrant.";
        border_extortion, "", 23, "share", 0.0..=1.0, "Chance that a complicit border official extorts an irregular crosser.";
        extortion_rate, "", 23, "a month", 0.0..=0.5, "Rate at which irregular workers meet an extorting official where all police are complicit.";
        extortion_fear, "", 23, "share", 0.0..=1.0, "How much an extortion frightens the own community, against an arrest.";
        cooperation, "", 31, "multiple", 1.0..=2.0, "How far the cooperation of an origin multiplies the enforcement of the fee cap and the evidence it shares.";
        inspection_bite, "", 3, "multiple", 0.0..=5.0, "Enforcement of the cap at the destination per share of agencies inspected a year.";
        crackdown_extortion (was quota), "", 23, "ratio", 0.0..=5.0, "How much a full crackdown raises extortion: more stops, more to be paid off.";
        bond_charge, "", 4, "W a month", 0.0..=0.5, "What an employer adds to the debt of a bonded worker.";
        profit_share, "", 24, "share", 0.0..=1.0, "Share of the fee that is left to a recruiter after costs.";
    }

    /// Employers and conditions at arrival.
    placement Placement {
        labour_at_arrival (was a_labour), "a", 5, "factor", 0.0..=2.0, "Level of forced labour at arrival.";
        sex_at_arrival (was a_sex), "a", 5, "factor", 0.0..=2.0, "Level of forced sexual exploitation at arrival, per entrant to sex work.";
        vulnerability_mou (was m_mou), "m", 5, "factor", 0.1..=3.0, "Vulnerability in the legal channel.";
        vulnerability_regularised (was m_regularised), "m", 5, "factor", 0.1..=3.0, "Vulnerability of the regularised.";
        vulnerability_irregular (was m_irregular), "m", 5, "factor", 0.1..=3.0, "Vulnerability of the irregular.";
        vulnerability_citizen (was m_citizen), "m", 5, "factor", 0.1..=3.0, "Vulnerability of citizens at risk.";
        rights_knowledge (was omega), "omega", 5, "share", 0.0..=0.15, "Protection by knowledge of rights: little.";
        network, "", 5, "share", 0.0..=1.0, "Share of placements sought where own villagers work.";
        later, "", 5, "ratio", 0.0..=2.0, "Exploitation at a second workplace against the first: who knows the country.";
        hold_documents, "", 5, "share", 0.0..=1.0, "Chance that the documents of an exploited worker are held.";
        hold_bond, "", 5, "share", 0.0..=1.0, "Chance that an indebted exploited worker is bonded.";
        hold_locked, "", 5, "share", 0.0..=1.0, "Chance that an exploited worker is locked in.";
    }

    /// Abuse, exit, permits.
    work Work {
        abuse_onset (was h), "h", 6, "a month", 0.0..=0.1, "Onset of abuse at work, per propensity of the employer.";
        debt_in_onset (was kappa), "kappa6", 6, "per W", 0.0..=2.0, "How much debt raises the onset of abuse.";
        ease_violation, "e0", 6, "a month", 0.0..=0.3, "Rate at which rights violations ease back.";
        ease_forced, "e0", 6, "a month", 0.0..=0.1, "Rate at which forced labour eases to rights violations.";
        exit_base (was x0), "x0", 8, "a month", 0.0..=0.3, "Exit from exploitation without confinement or debt.";
        exit_floor, "", 8, "a month", 0.0..=0.05, "Least exit from exploitation.";
        held_by_documents (was c_documents), "c", 8, "share", 0.0..=1.0, "How much held documents lower exit.";
        held_by_bond (was c_bond), "c", 8, "share", 0.0..=1.0, "How much a debt bond lowers exit.";
        held_by_lock (was c_locked), "c", 8, "share", 0.0..=1.0, "How much being locked in lowers exit.";
        unlocked, "", 8, "a month", 0.0..=0.2, "Rate at which somebody locked in is let about.";
        freedom_to_change (was theta), "theta", 8, "multiple", 0.0..=2.0, "How much the freedom to change employer raises exit.";
        debt_in_exit (was kappa_exit), "kappa8", 8, "per W", 0.0..=2.0, "How much debt lowers exit.";
        return_home, "", 8, "a month", 0.0..=0.2, "Return home by own choice.";
        change, "", 8, "a month", 0.0..=0.2, "Change of employer by own choice.";
        tied, "", 8, "share", 0.0..=1.0, "How far fear of losing status keeps workers of the legal channel from changing employer.";
        released, "", 8, "share", 0.0..=1.0, "Share of regularised workers whose employer lets them go with their papers.";
        release, "", 4, "share", 0.0..=1.0, "Chance that a bonded worker who has paid is let go and not charged anew.";
        sold, "", 4, "a month", 0.0..=0.1, "Rate at which a bonded worker in force is sold on with the debt.";
        laid_off, "", 8, "a month", 0.0..=1.0, "Rate at which workers lose the job for each share by which demand falls.";
        home_after_exit, "", 8, "share", 0.0..=1.0, "Share of those who escape that goes home.";
        register_base, "", 32, "logit", -5.0..=5.0, "Readiness to register in an open window.";
        register_fee, "", 32, "W", 0.0..=3.0, "Fee of registration.";
        register_help, "", 32, "logit", 0.0..=5.0, "Help of an employer without abuse in registering.";
        register_pace, "", 32, "a month", 0.0..=1.0, "Share of those willing to register who do so in a month of a fully open window.";
        permit_term, "", 32, "months", 3.0..=60.0, "Term of a permit.";
        renewal, "", 32, "share", 0.0..=1.0, "Share of lapsing permits that is renewed.";
    }

    /// Inspections, raids, arrests, reports.
    contact Contact {
        arrest, "", 8, "a month", 0.0..=0.1, "Routine arrest of an irregular migrant.";
        arrest_at_sea, "", 8, "ratio", 0.0..=1.0, "Routine arrest in sectors at sea, against the street.";
        arrest_hidden, "", 8, "ratio", 0.0..=1.0, "Routine arrest where workplaces are hardly visible, against the street.";
        size_weight, "a", 9, "power", 0.0..=1.5, "How an employer's size draws inspection.";
        risk_weight, "tau", 9, "power", -1.0..=1.0, "How an employer's risk draws inspection: negative, risky firms are inspected less.";
        raid_weight, "", 9, "power", -1.0..=1.0, "How a venue's risk draws raids: positive, for raids follow complaints and undercover work.";
        arrest_when_met, "", 9, "share", 0.0..=1.0, "Share of irregular workers met in an inspection who are detained.";
        reports_labour (was r0_labour), "r0", 12, "a month", 0.0..=0.1, "Own or peer report of forced labour.";
        reports_sex (was r0_sex), "r0", 12, "a month", 0.0..=0.2, "Own or peer report of sexual exploitation.";
        violation_report, "", 12, "ratio", 0.0..=1.0, "Reports of rights violations relative to forced labour.";
        access, "", 12, "share", 0.0..=1.0, "Access to somebody who takes a report.";
        retaliation, "", 11, "share", 0.0..=1.0, "Chance that somebody exploited by force is locked in after a report of theirs came to nothing.";
        lawsuits, "", 12, "share", 0.0..=1.0, "Fear of lawsuits for what one reports.";
        hotline, "", 12, "share", 0.0..=1.0, "Share of reports that is a call to the hotline and not a word to an NGO.";
        referral, "", 12, "logit", -3.0..=3.0, "Readiness of an NGO to refer to the state.";
        referral_value, "", 12, "per unit", 0.0..=5.0, "Weight of what the official path offers in a referral.";
        intelligence_yield, "", 12, "operations a month", 0.0..=50.0, "Operations a month that full intelligence from abroad would start, at full scale.";
        team_labour, "", 23, "officials", 1.0..=12.0, "Officials who take part in a labour contact; one complicit may block it.";
        team_sex, "", 23, "officials", 1.0..=12.0, "Officials who take part in a contact at a sex venue; one complicit may block it.";
        ngo_caseload, "", 39, "a month", 0.01..=20.0, "Reports that a caseworker of an NGO can follow in a month.";
        ngo_sued, "", 39, "share", 0.0..=1.0, "Part of their casework that NGOs lose to lawsuits where nothing protects them.";
        online_yield, "", 33, "operations a month", 0.0..=50.0, "Operations a month that a full unit against recruitment online would start, at full scale.";
        metric_pressure, "", 30, "share", 0.0..=0.5, "Drift of effort to cases that are easily counted.";
    }

    /// Recognition, disclosure, interview.
    identification Identification {
        sensitivity_perfunctory (was sens_perfunctory), "sens", 10, "share", 0.0..=0.01, "Recognition of forced labour in a perfunctory inspection.";
        false_perfunctory, "", 10, "share", 0.0..=0.001, "False flags in a perfunctory inspection.";
        sensitivity_labour (was sens_labour), "sens", 10, "share", 0.0..=1.0, "Recognition of forced labour by a trained labour inspector.";
        sensitivity_sex (was sens_sex), "sens", 10, "share", 0.0..=1.0, "Recognition of sexual exploitation in a raid.";
        sensitivity_operation (was sens_operation), "sens", 10, "share", 0.0..=1.0, "Recognition of a victim in an operation.";
        sensitivity_border (was sens_border), "sens", 10, "share", 0.0..=1.0, "Recognition of a victim among arrested migrants who are screened.";
        sensitivity_detention (was sens_detention), "sens", 10, "share", 0.0..=1.0, "Recognition of a victim who is screened in detention.";
        told_in_detention, "", 11, "ratio", 0.0..=1.0, "Disclosure in detention against a private interview.";
        specificity_labour (was spec_labour), "spec", 10, "share", 0.5..=1.0, "Specificity of screening at labour sites.";
        specificity_sex (was spec_sex), "spec", 10, "share", 0.5..=1.0, "Specificity of screening at sex venues.";
        specificity_gain, "", 10, "share", 0.0..=1.0, "Part of wrong flags and wrong passes that training, manuals and reflection prevent.";
        interviews, "", 35, "a month", 0.05..=20.0, "Interviews that a social worker can hold well in a month.";
        asked, "", 10, "share", 0.0..=1.0, "Share of screened people who are asked in private.";
        unit_spread, "", 10, "share", 0.0..=1.0, "Spread of recognition between units.";
        workload, "", 35, "persons a month", 1.0..=10000.0, "People whom an official can attend to; where a unit meets more, it recognises fewer of them in proportion.";
        interpreter_gain, "", 10, "share", 0.0..=1.0, "Share of recognition that hangs on an interpreter.";
        disclosure_base (was d0), "d0", 11, "share", 0.0..=1.0, "Disclosure when nothing speaks for or against it.";
        disclosure_shelter (was k_shelter), "kS", 11, "logit", 0.0..=5.0, "Open shelters in disclosure.";
        disclosure_fear (was k_fear), "kF", 11, "logit", 0.0..=5.0, "Fear of arrest in disclosure.";
        disclosure_trust (was k_trust), "kT", 11, "logit", 0.0..=5.0, "Trust in disclosure.";
        disclosure_debt (was k_debt), "kD", 11, "logit per W", 0.0..=2.0, "Debt in disclosure.";
        disclosure_ngo (was k_ngo), "kN", 11, "logit", 0.0..=5.0, "Presence of an NGO in disclosure.";
        disclosure_interpreter (was k_interpreter), "kI", 11, "logit", 0.0..=5.0, "Presence of an interpreter in disclosure.";
        disclosure_reflection (was k_reflection), "kR", 11, "logit a day", 0.0..=0.2, "Days of reflection in disclosure, up to 30.";
        pass_true, "", 13, "share", 0.0..=1.0, "Chance that a flagged victim who is willing to speak passes the formal interview.";
        pass_false, "", 13, "share", 0.0..=1.0, "Chance that a wrongly flagged person passes the formal interview.";
        misprocess, "", 13, "share", 0.0..=1.0, "Chance that a rejected irregular migrant is detained and deported.";
        conflation, "", 13, "share", 0.0..=0.3, "Share of smuggled people in a surge event who are counted as victims.";
        untrained, "", 10, "share", 0.0..=1.0, "Recognition by an official who is not trained, against one who is.";
        pass_unwilling, "", 13, "share", 0.0..=1.0, "Chance that a flagged victim who is not willing to speak passes the formal interview, against one who is.";
        found_together, "", 10, "share", 0.0..=1.0, "Chance that somebody exploited is recognised once a visit has found a co-worker who is, where a second look is taken.";
        training_fade, "", 10, "months", 3.0..=60.0, "Months after which training has faded.";
    }

    /// Findings of inspectors short of trafficking.
    labour_law LabourLaw {
        finds, "", 36, "share", 0.0..=1.0, "Chance that a trained inspector finds violations where there are some.";
        finds_untrained, "", 36, "share", 0.0..=0.2, "The same for one who is not trained and asks in front of the employer.";
        mended, "", 36, "share", 0.0..=1.0, "Chance that an order puts the conditions of a worker right.";
    }

    /// Compounds across the border.
    compounds Compounds {
        screened, "", 37, "a month", 1.0..=500.0, "People whom one of the staff can screen in a month.";
        recognised, "", 37, "share", 0.0..=1.0, "Recognition of a victim out of a compound who is screened, without disclosure.";
        tells, "", 37, "share", 0.0..=1.0, "Disclosure of forced crime where nobody is punished for it; without that promise a quarter as many tell.";
        false_pass, "", 37, "share", 0.0..=1.0, "Chance that somebody who worked there by choice passes as a victim.";
        goes_home, "", 37, "a month", 0.0..=2.0, "Rate at which people who wait for screening go home unscreened: with their embassy, or on their own.";
        punished, "", 37, "share", 0.0..=1.0, "Chance that a victim who is not recognised is punished for the fraud, where nothing protects.";
        stay, "", 37, "months", 0.1..=12.0, "Stay in a shelter of victims out of compounds, before they go home.";
    }

    /// Shelter and what follows.
    care Care {
        accept, "", 14, "share", 0.0..=1.0, "Share of the identified who would go into a closed shelter; into an open one all would.";
        attrition_base (was z0), "z0", 14, "a month", 0.0..=0.3, "Attrition of witnesses.";
        attrition_open (was k_open), "kc", 14, "per share", 0.0..=5.0, "Open shelters against attrition.";
        attrition_permit (was k_permit), "kw", 14, "per share", 0.0..=5.0, "Work permits against attrition.";
        come_forward, "", 14, "a month", 0.0..=1.0, "Silent victims in care who come forward while their case is investigated, as far as they would disclose.";
        attrition_away (was k_away), "k", 14, "logarithm", 0.0..=3.0, "Attrition grows once a witness has left care.";
        attrition_months (was k_months), "ka", 14, "a month", 0.0..=0.5, "Attrition grows with waiting.";
        attrition_compensation (was k_compensation), "kp", 14, "per share", 0.0..=5.0, "Expected compensation against attrition.";
        stay, "", 14, "months", 1.0..=24.0, "Length of stay in a shelter.";
        early_exit, "", 14, "a month", 0.0..=0.2, "Extra departures from a fully open shelter.";
        services, "", 14, "share", 0.0..=1.0, "How far services for women and children lower their attrition and raise disclosure.";
        detention, "", 8, "a month", 0.1..=1.5, "Rate at which detention ends.";
        deport, "", 8, "share", 0.0..=1.0, "Share of detentions that end in deportation.";
        deported_return, "", 8, "share", 0.0..=1.0, "Share of the deported who come back within six months, through brokers.";
        return_after_care, "", 14, "share", 0.0..=1.0, "Share of foreign victims who go home after care.";
        retraffic, "r", 26, "a month", 0.0..=0.1, "Re-trafficking for 24 months after care or unofficial exit.";
        reintegration, "eps", 26, "share", 0.0..=1.0, "How far reintegration lowers re-trafficking.";
        debt_in_retrafficking (was kappa), "kappa26", 26, "per W", 0.0..=2.0, "How much debt raises re-trafficking.";
    }

    /// Cases from suspicion to sentence.
    justice Justice {
        chargeable_labour, "", 15, "share", 0.0..=1.0, "Share of labour groups of victims that becomes a case under the law as it was.";
        offence_used, "", 15, "share", 0.0..=1.0, "Share of the other labour groups that becomes a case where forced labour is an offence of its own.";
        suspect_employer, "", 15, "share", 0.0..=1.0, "Chance that the employer is a suspect.";
        suspect_recruiter, "", 15, "share", 0.0..=1.0, "Chance that the recruiter is a suspect.";
        suspect_protector, "", 15, "share", 0.0..=1.0, "Chance that the protector is a suspect, by the integrity of the unit.";
        accomplices, "", 15, "persons", 0.0..=5.0, "Mean number of other suspects.";
        colluding, "", 15, "share", 0.0..=1.0, "Share of other suspects who are recruiters of the same circle; the rest are staff.";
        mega_network, "", 15, "persons", 0.0..=20.0, "Mean number of other suspects that each recruiter brings into a mega-case.";
        arrested, "", 15, "share", 0.0..=1.0, "Share of suspects arrested.";
        charged, "", 15, "share", 0.0..=1.0, "Share of arrested suspects charged.";
        flight, "", 38, "a month", 0.0..=0.2, "Rate at which suspects on bail flee.";
        lean, "", 38, "ratio", 0.0..=5.0, "How much suspects on bail raise the attrition of witnesses, where all are on bail and nothing protects.";
        cooperation, "", 15, "share", 0.0..=1.0, "Identified victims who cooperate even where nobody would disclose; the others as far as they would disclose.";
        cooperation_unassisted, "", 15, "share", 0.0..=1.0, "Cooperation of victims who found no care, against those who did.";
        mega_recruiters, "", 15, "share", 0.0..=1.0, "Recruiters at work among the defendants of a dated mega-case who are not officials.";
        mega_rate, "", 15, "a year", 0.0..=5.0, "Mega-cases a year at full scale.";
        dismissed, "", 17, "share", 0.0..=1.0, "Share of cases without an exploited victim that the prosecution dismisses.";
        unfounded, "", 17, "ratio", 0.0..=1.0, "Conviction where nobody was exploited, against a case where somebody was.";
        months_police, "", 16, "months", 0.1..=24.0, "Median length of an investigation.";
        months_prosecutor, "", 16, "months", 0.1..=24.0, "Median length of the prosecution's review.";
        months_court, "", 16, "months", 0.1..=48.0, "Median length of a trial.";
        months_mega, "", 16, "months", 1.0..=60.0, "Median length of a mega-trial.";
        mega_investigation, "", 16, "share", 0.0..=1.0, "Part of its time that a dated mega-case spends under investigation.";
        mega_review, "", 16, "share", 0.0..=1.0, "Part of its time that a dated mega-case spends in the prosecution's review.";
        service_spread, "", 16, "log sd", 0.0..=1.5, "Spread of the length of a stage.";
        joint_speed, "j", 16, "share", 0.0..=2.0, "How far a joint team divides the length of an investigation.";
        conviction_base (was v0), "v0", 17, "share", 0.0..=1.0, "Conviction without testimony.";
        conviction_testimony (was v1), "v1", 17, "share", 0.0..=1.0, "What cooperating victims add to conviction.";
        conviction_inquiry (was v2), "v2", 17, "share", 0.0..=1.0, "What a financial inquiry adds to conviction.";
        conviction_joint_team (was v3), "v3", 17, "share", 0.0..=1.0, "What a joint team adds to conviction.";
        conviction_cross_border (was v4), "v4", 17, "share", 0.0..=1.0, "What evidence from abroad adds to conviction.";
        conviction_blocked (was v5), "v5", 17, "share", 0.0..=1.0, "What a blocking official takes from conviction.";
        mega_cooperation, "", 17, "share", 0.0..=1.0, "What stands in a mega-case without victims of its own for the share of victims who testify.";
        intelligence_evidence, "", 17, "share", 0.0..=1.0, "Cases that get evidence from abroad through full intelligence sharing.";
        evidence_decay (was decay), "dec", 17, "a month", 0.0..=0.3, "Decay of evidence with delay.";
        sentence, "", 17, "years", 0.5..=50.0, "Median sentence.";
        sentence_spread, "", 17, "log sd", 0.0..=2.0, "Spread of sentences.";
        traceable_money (was aml), "", 24, "share", 0.0..=1.0, "Share of cases in which there is money to trace.";
        seized, "", 24, "share", 0.0..=1.0, "Share of working capital seized.";
        employer_assets, "", 24, "W a worker", 0.0..=50.0, "What an employer owns that can be seized.";
        ordered, "", 25, "share", 0.0..=1.0, "Share of convictions with an order of compensation.";
        compensation, "", 25, "share", 0.0..=1.0, "Share of ordered compensation that is paid.";
        compensation_size, "", 25, "W", 0.0..=100.0, "Compensation to a victim.";
    }

    /// Officials.
    complicity Complicity {
        peers, "bC", 22, "logit", 0.0..=10.0, "Pull of complicit peers in the own unit.";
        risk, "sC", 22, "logit", 0.0..=50.0, "Weight of the perceived risk of detection for officials.";
        bribe_weight (was kb), "kb", 22, "logit", 0.0..=3.0, "Weight of the bribe against the salary.";
        detection_base (was d0), "d0", 22, "a month", 0.0..=0.05, "Detection of a complicit official.";
        intimidation (was g), "g", 22, "per share", 0.0..=10.0, "Intimidation: how complicit peers silence those who would report.";
        disciplined, "", 22, "share", 0.0..=1.0, "Share of detected officials who are disciplined without trial.";
        uptake, "", 10, "share", 0.0..=1.0, "Planned training that officials take up without any agenda.";
        tenure_exit, "", 22, "a month", 0.0..=0.05, "Officials who leave office for other reasons.";
        blocks, "", 23, "share", 0.0..=1.0, "Chance that a complicit official blocks a contact or weakens a case.";
        seek, "", 23, "a month", 0.0..=0.5, "Rate at which exploitative employers and recruiters without a protector find one, where all officials are complicit.";
        salary, "", 22, "W", 0.5..=10.0, "Salary of an official.";
        protection_price, "", 22, "W a month", 0.0..=5.0, "What a protected employer or recruiter pays where officials and risks are as usual.";
        market, "", 23, "exponent", 0.0..=2.0, "How the price of protection follows how few officials can be bought, and the risk that each perceives.";
    }

    /// Employers and recruiters learn.
    adaptation Adaptation {
        reconsider, "", 7, "a month", 0.0..=0.5, "Rate at which employers, recruiters and officials reconsider.";
        step, "", 7, "share", 0.0..=1.0, "How far an employer moves at one decision.";
        habit, "", 7, "share", 0.0..=1.0, "Weight of the propensity with which an employer set up, against the sector's.";
        margin_weight (was g), "g", 7, "logit", 0.0..=5.0, "Weight of the margin gap.";
        norm_weight (was n), "n", 7, "per unit", 0.0..=5.0, "Weight of the cluster's norm.";
        risk_weight (was s), "s", 7, "logit", 0.0..=20.0, "Weight of perceived risk for employers: about the elasticity of certainty near the rest.";
        buyer_weight (was b), "b", 7, "logit", 0.0..=5.0, "Weight of buyer pressure on exporters.";
        shortage, "", 7, "logit per unit", 0.0..=20.0, "Weight of places that a sector cannot fill: who is short of hands holds on to those there are.";
        leak, "", 7, "share", 0.0..=1.0, "Share of buyer pressure that moves abuse to the domestic market.";
        own_arrest (was lo), "lo", 18, "share", 0.0..=1.0, "What an own arrest teaches.";
        neighbour_arrest (was lp), "lp", 18, "share", 0.0..=1.0, "What a neighbour's arrest teaches.";
        fined, "", 36, "share", 0.0..=1.0, "What a finding that costs as much as a year of the violation saves teaches, against an arrest.";
        reassured, "", 36, "share", 0.0..=1.0, "Part of the perceived risk that a visit without a finding takes away.";
        forgetting (was lf), "lf", 18, "a month", 0.0..=0.2, "Forgetting of perceived risk.";
        concealment, "", 18, "exponent", 0.0..=2.0, "How far employers who perceive more risk than is usual hide from visits whom they exploit.";
        prior_risk, "", 18, "0 to 1", 0.00001..=0.5, "Risk that somebody perceives who has heard of nobody.";
        profit, "", 19, "logit", -3.0..=3.0, "Weight of profit in staying exploitative.";
        certainty, "c", 19, "logit", 0.0..=20.0, "Weight of perceived risk for recruiters: about the elasticity of certainty near the rest.";
        sentence_weight (was sigma), "sigma", 19, "ratio", 0.0..=0.2, "Weight of the length of sentences against certainty: minor.";
        replacement, "", 20, "share", 0.0..=1.0, "Share of removed capacity that is replaced.";
        replacement_months, "", 20, "months", 1.0..=24.0, "Months in which it is replaced.";
        newcomer_months, "", 20, "months", 1.0..=120.0, "Months until a newcomer sets up where no kin or partner carried a closed workplace on.";
        enforced, "", 21, "share", 0.0..=1.0, "Profit that recruiters lose in an origin that fully enforces its rules.";
        inertia, "", 21, "share", 0.0..=1.0, "Chance that a recruiter stays with origin, sector and zone when reconsidering.";
        displacement, "", 21, "per unit", 0.0..=10.0, "How sharply recruiters turn to where profit is expected.";
        bar_exit, "", 20, "a month", 0.0..=0.2, "Exit of licensed recruiters under the full licence bar.";
    }

    /// Communities learn.
    beliefs Beliefs {
        panic_steepness (was k), "k", 27, "logit per unit", 0.0..=30.0, "Steepness of panic.";
        panic_threshold (was theta), "theta", 27, "0 to 1", 0.0..=1.0, "Rumour at which half would leave.";
        rumour_spread, "", 27, "a week", 0.0..=3.0, "Spread of a rumour within a community.";
        rumour_fade, "", 27, "a week", 0.0..=1.0, "Fading of a rumour.";
        panic_return, "", 27, "share", 0.0..=1.0, "Share of those who fled that comes back within six months, through brokers.";
        lesson (was l), "l", 28, "share", 0.0..=0.5, "What one outcome of a member in a hundred teaches a community.";
        bad_news, "", 28, "ratio", 1.0..=10.0, "Weight of bad news against good.";
        firewall, "", 28, "share", 0.0..=1.0, "How far full non-punishment lowers fear.";
        hearsay, "", 28, "a month", 0.0..=1.0, "How fast communities learn what shelters are like.";
    }

    /// Money into capacity.
    budget Budget {
        lag, "", 29, "months", 1.0..=36.0, "Months over which money becomes capacity: a bed; posts take a quarter more, courses and grants a quarter.";
        cut, "", 29, "months", 1.0..=36.0, "Months over which posts and beds go that can no longer be paid.";
        committed, "", 29, "share", 0.0..=1.0, "Share of a line at the start that its standing capacity takes up; the rest is free for measures.";
    }

    /// What people and things cost, in multiples of the reference wage W.
    costs Costs {
        officer, "", 29, "W a year", 1.0..=500.0, "An inspector or another officer with what the post needs.";
        team, "", 29, "W a year", 1.0..=5000.0, "An investigation team.";
        place, "", 29, "W a year", 1.0..=5000.0, "A place for a case with the prosecution or in court: its share of prosecutors, judges and clerks.";
        bed, "", 29, "W a year", 1.0..=500.0, "A shelter bed with its care.";
        interpreter, "", 29, "W a year", 1.0..=500.0, "An interpreter.";
        caseworker, "", 29, "W a year", 1.0..=500.0, "A worker of an NGO or of social work, with an office.";
        training, "", 29, "W", 0.1..=100.0, "The training of one official.";
        inquiry, "", 29, "W", 1.0..=1000.0, "A financial inquiry.";
        application, "", 29, "W", 0.01..=10.0, "An application processed.";
        assistance, "", 29, "W", 0.1..=100.0, "Assistance to a victim beside the bed.";
        desk, "", 29, "W a year", 10.0..=5000.0, "A desk of a few officials with its running costs.";
        screening, "", 29, "W", 0.001..=5.0, "The screening of one person, with an interpreter.";
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn keys_are_words_and_no_two_of_a_process_are_equal() {
        let mut seen = BTreeSet::new();
        for parameter in PARAMETERS {
            let path = parameter.path();
            assert!(seen.insert(path.clone()), "{path} stands twice");
            let stub = |word: &str| {
                word.len() < 3 && !matches!(word, "at" | "by" | "in" | "of" | "to") || word.ends_with(|last: char| last.is_ascii_digit())
            };
            assert!(!parameter.name.split('_').any(stub), "{path} has a letter or a stub for a word");
        }
    }

    /// Else an old file would be read as if it meant the new one.
    #[test]
    fn a_key_of_before_names_one_parameter_and_is_the_key_of_none() {
        let mut seen = BTreeSet::new();
        for parameter in PARAMETERS.iter().filter(|parameter| !parameter.former.is_empty()) {
            let former = format!("{}.{}", parameter.process, parameter.former);
            assert_eq!(place(&former), None, "{former} is still in use");
            assert_eq!(renamed(parameter.process, parameter.former), Some(parameter));
            assert!(seen.insert(former.clone()), "{former} was two parameters");
        }
        assert_eq!(renamed("work", ""), None);
    }
}
