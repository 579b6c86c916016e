"""What the English pages of the corpus announce; `{land}` is a country the scheme is about."""

from tests.accuracy.tale import Tale


def _jcm(kind: str, title: str, lead: str, text: str, *, gathering: bool = False) -> Tale:
    return Tale(title, (lead,), (text,), "subject", kind, "Global Environment", gathering)


_FIRST = (
    _jcm(
        "credits",
        "Issuance of JCM Credits from a Project in {land}",
        "The Joint Committee between Japan and {land} decided to issue {t} tons of credits."
        " The project is registered under the Joint Crediting Mechanism.",
        "The project recovers waste heat at a food factory.",
    ),
    _jcm(
        "joint_committee",
        "Outcome of the Joint Committee on the Joint Crediting Mechanism between Japan and {land}",
        "The {n}th Joint Committee with {land} approved two methodologies and revised its rules.",
        "Both sides will meet again next year.",
        gathering=True,
    ),
    _jcm(
        "partnership",
        "Signing of the Memorandum of Cooperation on the JCM with {land}",
        "Japan and {land} signed a memorandum of cooperation on the Joint Crediting Mechanism (JCM).",
        "The two governments will set up a Joint Committee.",
    ),
    _jcm(
        "selection",
        "Selection of Projects for the JCM Financing Programme, Fiscal Year {y}",
        "The Ministry selected {p} projects for its programme of financial support under the JCM.",
        "One of the selected projects installs wind power in {land}.",
    ),
    _jcm(
        "meeting",
        "Results of the {n}th JCM Partner Countries' Meeting",
        "Officials of the partner countries of the Joint Crediting Mechanism met and discussed registries.",
        "The delegation of {land} presented its registry.",
        gathering=True,
    ),
    _jcm(
        "event",
        "JCM Seminar for Businesses in {land}",
        "The Ministry holds a seminar on the Joint Crediting Mechanism for businesses in {land}.",
        "Speakers present examples of projects and answer questions.",
        gathering=True,
    ),
    _jcm(
        "call",
        "Call for Proposals for JCM Model Projects in Fiscal Year {y}",
        "The Ministry calls for proposals for model projects under the Joint Crediting Mechanism (JCM).",
        "Proposals are accepted by e-mail only.",
    ),
)

_MORE = (
    _jcm(
        "governance",
        "Revision of the Rules of the JCM Registry",
        "The Ministry revised the rules of the registry of the Joint Crediting Mechanism (JCM).",
        "The revised rules apply from the first day of next month.",
    ),
    _jcm(
        "guidance",
        "Publication of the Guidance on Private JCM Projects",
        "The Ministry published a guidance for developing JCM projects with private finance.",
        "It explains the contracts and the sharing of credits.",
    ),
    _jcm(
        "consultation",
        "Call for Public Comments on the Draft Procedures of Authorization under the JCM",
        "The Ministry invites public comments on its draft procedures of authorization for JCM credits.",
        "Comments in writing are accepted by post and by e-mail.",
    ),
    _jcm(
        "study",
        "Results of the Feasibility Studies for the Joint Crediting Mechanism in {y}",
        "The results of feasibility studies for the Joint Crediting Mechanism were published.",
        "One of the studies looked at heat recovery in {land}.",
    ),
    _jcm(
        "fund",
        "Contribution to the Japan Fund for the JCM at the Asian Development Bank",
        "Japan makes a further contribution to the Japan Fund for the Joint Crediting Mechanism (JFJCM).",
        "The fund lowers the cost of advanced technologies.",
    ),
    _jcm(
        "partnership",
        "{land} Joins the JCM as a New Partner Country",
        "{land} became the {n}th partner country of the Joint Crediting Mechanism.",
        "The bilateral document was signed by both ministers.",
    ),
)

SUBJECTS = _FIRST + _MORE

NOT_SUBJECTS = (
    Tale(
        "Survey of Indian Ocean Plankton and Guinea Grass",
        ("A survey ship returned from the Indian Ocean with samples of plankton.",),
        ("Mr. Jordan Miller of a university in Indiana and New Mexico led the team.",),
        category="Nature & Parks",
    ),
    Tale(
        "Side Events at the Japan Pavilion of the Climate Conference",
        ("The Ministry holds forty side events at its pavilion.",),
        ("Themes range from adaptation and resource circulation to youth and the JCM.",),
        "mention",
        category="Global Environment",
    ),
    Tale(
        "Memorandum of Cooperation on Waste Management with {land}",
        ("Japan and {land} signed a memorandum of cooperation on waste management.",),
        ("Both sides will exchange experts and hold training on incineration.",),
        category="Waste & Recycling",
    ),
    Tale(
        "Results of the Environmental Policy Dialogue with {land}",
        ("Japan and {land} held their environmental policy dialogue.",),
        ("Topics included air quality, waste management, the JCM and nature conservation.",),
        "mention",
        category="Global Environment",
        gathering=True,
    ),
    Tale(
        "Report on the Conservation of Coral Reefs",
        ("The Ministry published a report on the conservation of coral reefs around remote islands.",),
        ("The survey was carried out with a team of Georgia Tech.",),
        category="Nature & Parks",
    ),
    Tale(
        "Workshop on Marine Litter Monitoring with {land}",
        ("A workshop on the monitoring of marine litter is held with experts from {land}.",),
        ("Experts compare methods of sampling.",),
        category="Water & Soil",
        gathering=True,
    ),
    Tale(
        "Results of the Review of Chemical Substances in {y}",
        ("The Ministry reviewed {p} chemical substances and published the results.",),
        ("No substance was found to need immediate action.",),
        category="Health & Chemicals",
    ),
)
