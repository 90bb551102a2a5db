//! Every figure that a month leaves behind, once: name, ledger, unit, and whether more of it is better.
//!
//! The table is the only place that names indicators; the run folder's columns, `fivep indicators` and the
//! documentation are generated from it. All counts are persons or events at full scale, never agents.

/// Which ledger an indicator belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ledger {
    /// What is so in the model.
    Truth,
    /// What a government would count and report.
    Official,
    /// What it costs.
    Cost,
}

/// How an indicator adds up over months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A state at the end of the month: averaged over months.
    Stock,
    /// What happened in the month: summed over months (shares and means are averaged, see `unit`).
    Flow,
}

/// Which way is better for the people concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// Less of it is better.
    Less,
    /// More of it is better.
    More,
    /// It says nothing by itself: official counts measure activity, not victims.
    None,
}

/// What is known of an indicator before any run.
#[derive(Clone, Copy, Debug)]
pub struct Info {
    /// Its identifier.
    pub indicator: Indicator,
    /// Its name in tables and on the command line.
    pub name: &'static str,
    /// The ledger it belongs to.
    pub ledger: Ledger,
    /// How it adds up.
    pub kind: Kind,
    /// Its unit.
    pub unit: &'static str,
    /// Which way is better.
    pub better: Better,
    /// What it counts.
    pub text: &'static str,
}

impl Info {
    /// Whether it may lie below zero, as no count, sum or share does.
    #[must_use]
    pub fn may_be_negative(&self) -> bool {
        self.unit == "-1 to 1"
    }

    /// True where months are averaged and not summed.
    #[must_use]
    pub fn averaged(&self) -> bool {
        self.kind == Kind::Stock || self.unit == "share" || self.name == "mou_fee_paid"
    }
}

macro_rules! indicators {
    ($($name:ident $variant:ident $ledger:ident $kind:ident $unit:literal $better:ident $text:literal;)*) => {
        /// An indicator's identifier, and its column in a [`Row`](super::Row).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(usize)]
        pub enum Indicator {
            $(#[doc = $text] $variant,)*
        }

        /// All indicators, in the order of their columns: truth first, then official, then cost.
        pub const INDICATORS: &[Info] = &[
            $(Info {
                indicator: Indicator::$variant,
                name: stringify!($name),
                ledger: Ledger::$ledger,
                kind: Kind::$kind,
                unit: $unit,
                better: Better::$better,
                text: $text,
            },)*
        ];
    };
}

/// How many indicators there are.
pub const COUNT: usize = INDICATORS.len();

impl Indicator {
    /// What is known of it.
    #[must_use]
    pub fn info(self) -> &'static Info {
        &INDICATORS[self as usize]
    }

    /// The indicator called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        INDICATORS.iter().find(|info| info.name == name).map(|info| info.indicator)
    }
}

indicators! {
    exploited Exploited Truth Stock "persons" Less "People in forced labour or sexual exploitation (prevalence).";
    forced_labour ForcedLabour Truth Stock "persons" Less "People in forced labour, begging included.";
    forced_sex ForcedSex Truth Stock "persons" Less "People in forced sexual exploitation.";
    violation Violation Truth Stock "persons" Less "Workers whose rights are violated short of forced labour.";
    unharmed Unharmed Truth Stock "persons" More "Workers in no exploitation.";
    person_months PersonMonths Truth Flow "person-months" Less "Months lived in exploitation by all persons together.";
    unpaid Unpaid Truth Flow "multiples of W" Less "Wages that people in forced labour or sexual exploitation were not paid.";
    new_victims NewVictims Truth Flow "persons" Less "Persons who entered forced labour or sexual exploitation.";
    forced_at_arrival ForcedAtArrival Truth Flow "persons" Less "Of the new victims, those exploited from the day they arrived.";
    exits_escape ExitsEscape Truth Flow "persons" None "Exits from exploitation by the person's own escape.";
    exits_debt_repaid ExitsDebtRepaid Truth Flow "persons" None "Exits from exploitation with the debt repaid.";
    exits_eased ExitsEased Truth Flow "persons" None "Exits from forced labour because the employer eased off.";
    exits_identified ExitsIdentified Truth Flow "persons" None "Exits from exploitation through official identification.";
    exits_ngo ExitsNgo Truth Flow "persons" None "Exits from exploitation through an NGO or peers, in no official count.";
    exits_deported ExitsDeported Truth Flow "persons" None "Exits from exploitation by arrest or deportation, unrecognised.";
    exits_other ExitsOther Truth Flow "persons" None "Exits because the workplace closed or a panic carried the worker home.";
    exit_months ExitMonths Truth Flow "months" None "Months spent in exploitation by those who left it, summed over them.";
    retrafficked Retrafficked Truth Flow "persons" Less "Former victims exploited again within 24 months.";
    workers Workers Truth Stock "persons" None "Migrant workers in the country.";
    irregular Irregular Truth Stock "persons" None "Migrant workers without a legal status.";
    irregular_share IrregularShare Truth Stock "share" Less "Share of migrant workers without a legal status.";
    informal_share InformalShare Truth Flow "share" Less "Share of recruited migrants who came through informal brokers.";
    arrivals_mou ArrivalsMou Truth Flow "persons" None "Arrivals through the legal (MOU) channel.";
    arrivals_broker ArrivalsBroker Truth Flow "persons" None "Arrivals through brokers.";
    arrivals_network ArrivalsNetwork Truth Flow "persons" None "Arrivals through the migrant's own network.";
    arrivals_citizens ArrivalsCitizens Truth Flow "persons" None "Citizens at risk who entered sex work, begging or fishing.";
    returns Returns Truth Flow "persons" None "Migrants who went home of their own will.";
    panic_returns PanicReturns Truth Flow "persons" Less "Migrants who fled in a panic.";
    fell_irregular FellIrregular Truth Flow "persons" Less "Migrants who lost their legal status by leaving or losing an employer, or by lapse.";
    mou_fee_paid MouFeePaid Truth Flow "multiples of W" Less "Mean fee paid by migrants in the legal channel.";
    debt_lower_quartile DebtLowerQuartile Truth Stock "multiples of W" Less "Lower quartile of debt among migrant workers (fixed sample).";
    debt_median DebtMedian Truth Stock "multiples of W" Less "Median debt among migrant workers (fixed sample).";
    debt_upper_quartile DebtUpperQuartile Truth Stock "multiples of W" Less "Upper quartile of debt among migrant workers (fixed sample).";
    documents_held DocumentsHeld Truth Stock "persons" Less "Exploited persons whose documents are held.";
    bonded Bonded Truth Stock "persons" Less "Exploited persons whom a debt binds to the employer.";
    sold Sold Truth Flow "persons" Less "Exploited persons sold on with their debt to another employer.";
    extorted Extorted Truth Flow "persons" Less "Migrants extorted by complicit officials.";
    retaliated Retaliated Truth Flow "persons" Less "Exploited workers locked in because a report of theirs came to nothing.";
    exploitative_capacity ExploitativeCapacity Truth Stock "persons a month" Less "Recruits a month that recruiters could place exploitatively.";
    exploitative_employers ExploitativeEmployers Truth Stock "share" Less "Mean exploitation propensity of employers, by workers.";
    licensed_recruiters LicensedRecruiters Truth Stock "recruiters" None "Licensed recruitment agencies at work.";
    protected_employers ProtectedEmployers Truth Stock "employers" Less "Employers and recruiters with a protector in office.";
    complicit_share ComplicitShare Truth Stock "share" Less "Share of officials who are complicit.";
    complicit_police ComplicitPolice Truth Stock "share" Less "Share of police who are complicit.";
    complicit_immigration ComplicitImmigration Truth Stock "share" Less "Share of immigration officers who are complicit.";
    complicit_inspection ComplicitInspection Truth Stock "share" Less "Share of labour inspectors who are complicit.";
    complicit_prosecution ComplicitProsecution Truth Stock "share" Less "Share of prosecutors who are complicit.";
    complicit_social ComplicitSocial Truth Stock "share" Less "Share of social workers who are complicit.";
    trained_share TrainedShare Truth Stock "share" None "Share of officials whose training is fresh.";
    trust Trust Truth Stock "-1 to 1" More "Mean trust of communities in the authorities.";
    fear Fear Truth Stock "0 to 1" Less "Mean arrest risk that communities believe in.";
    mended Mended Truth Flow "persons" More "Workers whose rights were violated and whose conditions an order of inspectors put right.";
    in_compounds InCompounds Truth Stock "persons" Less "People held in compounds across the border and forced to commit fraud.";
    into_compounds IntoCompounds Truth Flow "persons" Less "People deceived into compounds across the border.";
    out_of_compounds OutOfCompounds Truth Flow "persons" None "People who came out of compounds across the border: escaped, ransomed or released.";
    compounds_unrecognised CompoundsUnrecognised Truth Flow "persons" Less "Victims out of compounds who went home or were punished unrecognised.";
    compounds_punished CompoundsPunished Truth Flow "persons" Less "Victims out of compounds who were punished for the fraud that they were forced to commit.";
    response_harm ResponseHarm Truth Flow "persons" Less "People harmed by the response: wrongly held, or victims detained, whether then deported or released.";
    wrongly_held WronglyHeld Truth Flow "persons" Less "People held as victims who were none.";
    victims_detained VictimsDetained Truth Flow "persons" Less "Exploited people detained as offenders.";
    victims_deported VictimsDeported Truth Flow "persons" Less "Exploited people deported.";
    removed_unassisted RemovedUnassisted Truth Flow "persons" Less "Exploited people removed from the country without help: deported unrecognised, or driven out in a panic.";
    cases_unfounded CasesUnfounded Truth Flow "cases" Less "Cases opened in which nobody had been exploited.";
    convicted_unfounded ConvictedUnfounded Truth Flow "persons" Less "Defendants convicted although nobody had been exploited.";
    income_lost IncomeLost Truth Flow "multiples of W" Less "Income lost by people in shelters without a work permit.";
    blocked Blocked Truth Flow "contacts and cases" Less "Contacts and cases that complicit officials blocked.";
    displaced_workers DisplacedWorkers Truth Flow "persons" None "Workers who lost their job because the employer was closed.";
    inspections Inspections Official Flow "visits" None "Labour, port, venue and border inspections.";
    raids Raids Official Flow "visits" None "Raids on sex venues.";
    people_met PeopleMet Official Flow "persons" None "People met in inspections, raids, operations and arrests.";
    operations Operations Official Flow "operations" None "Operations opened by a report or by intelligence.";
    hotline_calls HotlineCalls Official Flow "calls" None "Calls to the hotline on possible trafficking.";
    ngo_reports NgoReports Official Flow "reports" None "Reports that reached an NGO.";
    ngo_overflow NgoOverflow Official Flow "reports" Less "Reports that NGOs could not follow for want of caseworkers.";
    ngo_referrals NgoReferrals Official Flow "persons" None "Persons whom NGOs referred to the state.";
    listed Listed Official Flow "persons" None "People whom police, inspectors, an NGO, the hotline or a shelter wrote down as possible victims, each once a year.";
    listed_twice ListedTwice Official Flow "persons" None "Of them those who came on a second of these lists within a year.";
    flagged Flagged Official Flow "persons" None "People flagged as possible victims.";
    identified Identified Official Flow "persons" None "Victims officially identified.";
    identified_labour IdentifiedLabour Official Flow "persons" None "Victims identified of forced labour.";
    identified_sex IdentifiedSex Official Flow "persons" None "Victims identified of sexual exploitation.";
    identified_begging IdentifiedBegging Official Flow "persons" None "Victims identified of forced begging.";
    identified_women IdentifiedWomen Official Flow "persons" None "Women and girls identified.";
    identified_minors IdentifiedMinors Official Flow "persons" None "Minors identified.";
    identified_citizens IdentifiedCitizens Official Flow "persons" None "Citizens of the country identified.";
    identified_smuggled IdentifiedSmuggled Official Flow "persons" None "Smuggled people counted as victims.";
    identified_detention IdentifiedDetention Official Flow "persons" None "Victims identified in immigration detention.";
    identified_own_report IdentifiedOwnReport Official Flow "persons" None "Victims identified because one of them had reported.";
    identified_peer_report IdentifiedPeerReport Official Flow "persons" None "Victims identified because co-workers had reported.";
    identified_referral IdentifiedReferral Official Flow "persons" None "Victims identified because an NGO had referred one of them.";
    identified_compounds IdentifiedCompounds Official Flow "persons" None "Victims identified who came out of compounds across the border.";
    compounds_screened CompoundsScreened Official Flow "persons" None "People out of compounds across the border who were screened.";
    compounds_waiting CompoundsWaiting Official Stock "persons" Less "People out of compounds across the border who wait to be screened.";
    labour_orders LabourOrders Official Flow "workplaces" None "Workplaces where inspectors found violations and ordered them mended.";
    labour_fines LabourFines Official Flow "multiples of W" None "Fines under the labour law.";
    back_wages BackWages Official Flow "persons" None "Workers who were paid wages withheld, after an inspection.";
    back_wages_money BackWagesMoney Official Flow "multiples of W" None "Wages withheld that inspectors got back for workers.";
    revisits Revisits Official Flow "visits" None "Second and third visits to workplaces where inspectors had found violations; inspections include them.";
    labour_referrals LabourReferrals Official Flow "workplaces" None "Workplaces that inspectors handed to the police after a third finding.";
    rejected Rejected Official Flow "persons" None "Flagged people whom the interview rejected.";
    sheltered Sheltered Official Flow "persons" None "Victims admitted to shelters.";
    unassisted Unassisted Official Flow "persons" None "Identified victims who would have gone into a shelter and found no bed anywhere.";
    declined Declined Official Flow "persons" None "Identified victims who declined a shelter and found no other care.";
    in_shelter InShelter Official Stock "persons" None "Victims in shelters.";
    left_shelter LeftShelter Official Flow "persons" None "Victims who left shelters.";
    stay_months StayMonths Official Flow "months" None "Months in shelter of those who left, summed over them.";
    work_permits WorkPermits Official Flow "persons" None "Work permits given to victims.";
    testified Testified Official Flow "persons" None "Victims who testified, in court or in advance.";
    witnesses_lost WitnessesLost Official Flow "persons" None "Victims who stopped cooperating before testifying.";
    reintegrated Reintegrated Official Flow "persons" None "Victims who left care with reintegration support.";
    cases Cases Official Flow "cases" None "Trafficking cases opened.";
    cases_labour CasesLabour Official Flow "cases" None "Labour trafficking cases opened.";
    cases_sex CasesSex Official Flow "cases" None "Sex trafficking cases opened.";
    cases_begging CasesBegging Official Flow "cases" None "Forced begging cases opened.";
    cases_other CasesOther Official Flow "cases" None "Other trafficking cases opened (extortion, mega-cases).";
    cross_border_cases CrossBorderCases Official Flow "cases" None "Cases opened with evidence from a neighbouring country.";
    financial_inquiries FinancialInquiries Official Flow "cases" None "Cases in which a financial inquiry was opened.";
    arrested Arrested Official Flow "persons" None "Suspects arrested.";
    prosecuted Prosecuted Official Flow "persons" None "Defendants indicted.";
    convicted Convicted Official Flow "persons" None "Defendants convicted.";
    fled Fled Official Flow "persons" Less "Suspects who fled while on bail.";
    acquitted Acquitted Official Flow "persons" None "Defendants acquitted.";
    dropped Dropped Official Flow "persons" None "Suspects whose case was dropped before indictment.";
    cases_indicted CasesIndicted Official Flow "cases" None "Cases indicted.";
    cases_convicted CasesConvicted Official Flow "cases" None "Cases with at least one conviction.";
    sentences_under_5 SentencesUnder5 Official Flow "persons" None "Sentences under five years.";
    sentences_5_to_10 Sentences5To10 Official Flow "persons" None "Sentences of five to ten years.";
    sentences_over_10 SentencesOver10 Official Flow "persons" None "Sentences over ten years.";
    backlog Backlog Official Stock "cases" None "Cases that wait or are in progress at any stage.";
    backlog_investigation BacklogInvestigation Official Stock "cases" None "Cases that wait for or are in investigation.";
    backlog_prosecution BacklogProsecution Official Stock "cases" None "Cases that wait for or are with the prosecution.";
    backlog_court BacklogCourt Official Stock "cases" None "Cases that wait for or are in court.";
    case_months CaseMonths Official Flow "months" None "Months from opening to verdict, summed over cases decided.";
    cases_decided CasesDecided Official Flow "cases" None "Cases decided in court.";
    officials_investigated OfficialsInvestigated Official Flow "persons" None "Officials investigated for complicity.";
    officials_disciplined OfficialsDisciplined Official Flow "persons" None "Officials disciplined for complicity.";
    officials_convicted OfficialsConvicted Official Flow "persons" None "Officials convicted of complicity.";
    officials_rotated OfficialsRotated Official Flow "persons" None "Officials moved to another unit.";
    licences_suspended LicencesSuspended Official Flow "licences" None "Recruitment licences suspended or revoked.";
    closures Closures Official Flow "employers" None "Workplaces closed.";
    assets_restrained AssetsRestrained Official Flow "multiples of W" None "Assets restrained.";
    assets_forfeited AssetsForfeited Official Flow "multiples of W" None "Assets forfeited.";
    compensation_ordered CompensationOrdered Official Flow "persons" None "Victims to whom compensation was ordered.";
    compensation_paid CompensationPaid Official Flow "persons" None "Victims to whom compensation was paid.";
    compensation_money CompensationMoney Official Flow "multiples of W" None "Compensation paid.";
    mou_waiting MouWaiting Official Stock "persons" None "Applicants waiting in the legal channel.";
    mou_wait MouWait Official Stock "months" None "Wait that an applicant in the legal channel must expect.";
    registered Registered Official Stock "persons" None "Migrant workers registered (MOU or regularised).";
    registered_share RegisteredShare Official Stock "share" None "Share of migrant workers who are registered.";
    registrations Registrations Official Flow "persons" None "Migrants who registered in a window.";
    permits_lapsed PermitsLapsed Official Flow "persons" None "Permits that lapsed without renewal.";
    arrests_routine ArrestsRoutine Official Flow "persons" None "Irregular migrants arrested.";
    deported Deported Official Flow "persons" None "Migrants deported.";
    has_counters HasCounters Official Stock "applications a month" None "Applications that the counters of the legal channel can process.";
    has_inspectors HasInspectors Official Stock "persons" None "Labour inspectors in post.";
    has_beds HasBeds Official Stock "beds" None "Shelter beds open.";
    has_interpreters HasInterpreters Official Stock "persons" None "Interpreters in post.";
    has_teams HasTeams Official Stock "cases at once" None "Cases that can be under investigation at once.";
    has_court_places HasCourtPlaces Official Stock "cases at once" None "Cases that the prosecution and courts can work on at once.";
    has_caseworkers HasCaseworkers Official Stock "persons" None "Workers of NGOs whom the state's money or their own pays.";
    has_inquiries HasInquiries Official Stock "inquiries a month" None "Financial inquiries that can be begun.";
    has_integrity_officers HasIntegrityOfficers Official Stock "persons" None "Officers of the unit that looks for complicit officials.";
    spent_entry SpentEntry Cost Flow "money" Less "Spent from the budget line `entry`.";
    spent_inspections SpentInspections Cost Flow "money" Less "Spent from the budget line `inspections`.";
    spent_shelters SpentShelters Cost Flow "money" Less "Spent from the budget line `shelters`.";
    spent_interpreters SpentInterpreters Cost Flow "money" Less "Spent from the budget line `interpreters`.";
    spent_investigation SpentInvestigation Cost Flow "money" Less "Spent from the budget line `investigation`.";
    spent_courts SpentCourts Cost Flow "money" Less "Spent from the budget line `courts`.";
    spent_ngo SpentNgo Cost Flow "money" Less "Spent from the budget line `ngo`.";
    spent_training SpentTraining Cost Flow "money" Less "Spent from the budget line `training`.";
    spent_financial SpentFinancial Cost Flow "money" Less "Spent from the budget line `financial`.";
    spent_integrity SpentIntegrity Cost Flow "money" Less "Spent from the budget line `integrity`.";
    spent_partners SpentPartners Cost Flow "money" Less "Spent from the budget line `partners`.";
    spent Spent Cost Flow "money" Less "Budget spent, all lines.";
    unfunded Unfunded Cost Flow "money" Less "Cost of planned measures that the budget did not cover.";
}
