"""Words of the generator: invented places, people, subjects and sentences in the Ministry's manner."""

from dataclasses import dataclass

FAMILY_NAMES = (
    "青柳",
    "磯部",
    "梅原",
    "遠山",
    "柏木",
    "久野",
    "小暮",
    "笹川",
    "杉浦",
    "高瀬",
    "千葉",
    "堤",
    "戸田",
    "南雲",
    "蓮見",
)
GIVEN_NAMES = (
    "航",
    "葵",
    "健",
    "真理",
    "直人",
    "由紀",
    "誠",
    "千尋",
    "亮",
    "香織",
    "翔太",
    "美咲",
    "大輔",
    "恵",
    "哲也",
)
PLACES = (
    "東京都千代田区",
    "大阪府大阪市",
    "宮城県仙台市",
    "福岡県北九州市",
    "北海道釧路市",
    "長野県松本市",
    "沖縄県那覇市",
)
OFFICES = (
    ("地球環境", "環境省地球環境局国際連携課"),
    ("自然環境", "環境省自然環境局野生生物課"),
    ("水・土壌", "環境省水・大気環境局環境管理課"),
    ("大気環境", "環境省水・大気環境局モビリティ環境対策課"),
    ("再生循環", "環境省環境再生・資源循環局総務課"),
    ("保健・化学物質", "環境省大臣官房環境保健部化学物質安全課"),
    ("総合政策", "環境省総合環境政策統括官グループ総合政策課"),
    ("大臣官房", "環境省大臣官房総務課"),
)
COUNTRIES = (
    ("タイ王国", "TH", "Thailand"),
    ("ベトナム社会主義共和国", "VN", "Viet Nam"),
    ("インドネシア共和国", "ID", "Indonesia"),
    ("モンゴル国", "MN", "Mongolia"),
    ("ケニア共和国", "KE", "Kenya"),
    ("フィリピン共和国", "PH", "the Philippines"),
    ("カンボジア王国", "KH", "Cambodia"),
    ("チリ共和国", "CL", "Chile"),
)


@dataclass(frozen=True, slots=True)
class Theme:
    """A kind of release: title and sentences with gaps for `{n}`, `{country}`, `{year}`, `{place}`."""

    title: str
    lead: tuple[str, ...]
    text: str
    category: str
    role: str = "none"
    kind: str = ""


THEMES = (
    Theme(
        "「里地里山みらい会議」第{n}回会合の開催について",
        (
            "里地里山の保全活用を話し合う会議の第{n}回会合を{place}で開催します。",
            "会合はどなたでも傍聴いただけます。",
        ),
        "議題は、担い手の確保、鳥獣との共存、地域の木材の活用の三つです。",
        "自然環境",
    ),
    Theme(
        "{year}年度水辺の水質に関する測定結果の公表について",
        (
            "{year}年度に全国{n}地点で行った測定の結果を取りまとめました。",
            "基準を超えた地点は前年度より減りました。",
        ),
        "測定は年に四回行い、有機汚濁の指標と栄養塩類を調べました。",
        "水・土壌",
    ),
    Theme(
        "使用済み小型家電の回収に係る実証地域の決定について（第{n}次）",
        ("小型家電の回収を進める実証地域として、新たに{n}地域を決定しました。",),
        "選ばれた地域では、店頭での回収と郵送による回収を組み合わせます。",
        "再生循環",
    ),
    Theme(
        "大気中の微小粒子に関する検討会（第{n}回）の開催について",
        ("微小粒子の発生源を検討する会合を{place}で開催します。", "傍聴は先着{n}名までです。"),
        "検討会では、観測網の配置と推計の方法を議論します。",
        "大気環境",
    ),
    Theme(
        "化学物質の初期リスク評価（第{n}次取りまとめ）について",
        ("今回は{n}物質について評価を取りまとめました。",),
        "評価の結果、詳しい調査が必要とされた物質は三つでした。",
        "保健・化学物質",
    ),
    Theme(
        "環境白書を読む会の参加者募集について（{place}会場）",
        ("白書の内容を職員が解説する会を{place}で開きます。", "参加費は無料で、定員は{n}名です。"),
        "参加を希望される方は、専用の画面からお申し込みください。",
        "総合政策",
    ),
    Theme(
        "環境大臣の{country}訪問の結果について",
        ("大臣は{country}を訪問し、環境分野の協力について意見を交わしました。",),
        "会談では、廃棄物の管理、生物多様性の保全、二国間クレジット制度（JCM）を含む幅広い話題が取り上げられました。",
        "大臣官房",
        "mention",
    ),
    Theme(
        "J-クレジット制度の活用事例集（第{n}版）の公表について",
        ("国内の排出削減の取組を紹介する事例集を作りました。", "第{n}版では農林業の事例を加えました。"),
        "事例集には、省エネルギー設備の導入と森林の管理の事例を収めています。",
        "地球環境",
    ),
    Theme(
        "日本と{country}との間の二国間クレジット制度（JCM）第{n}回合同委員会の開催結果について",
        (
            "{country}との間で、JCMの第{n}回合同委員会を開催しました。",
            "合同委員会では、新たな方法論二件を承認しました。",
        ),
        "承認された方法論は、高効率の冷凍機と太陽光発電に関するものです。",
        "地球環境",
        "subject",
        "joint_committee",
    ),
    Theme(
        "{country}における二国間クレジット制度（JCM）のクレジット発行について",
        ("{country}で実施中のJCMプロジェクトから、{n}00トンのクレジットが発行されました。",),
        "発行されたクレジットは、工場の省エネルギー事業による排出削減量に当たります。",
        "地球環境",
        "subject",
        "credits",
    ),
    Theme(
        "{year}年度二国間クレジット制度資金支援事業のうち設備補助事業の採択案件の決定について",
        ("公募を行った設備補助事業について、{n}件の採択を決定しました。",),
        "採択した案件には、{country}での再生可能エネルギーの導入が含まれます。",
        "地球環境",
        "subject",
        "selection",
    ),
)

ENGLISH_THEMES = (
    Theme(
        "Results of the {n}th Workshop on Clean Air in Cities",
        ("The Ministry held the {n}th workshop on clean air with experts from {country}.",),
        "Participants compared their monitoring networks and agreed to meet again next year.",
        "Global Environment",
    ),
    Theme(
        "Issuance of Credits under the Joint Crediting Mechanism between Japan and {country}",
        ("The Joint Committee decided to issue {n}00 tons of credits from projects in {country}.",),
        "The credits come from energy savings at factories and from solar power.",
        "Global Environment",
        "subject",
        "credits",
    ),
    Theme(
        "Call for Photographs of National Parks ({year})",
        ("The Ministry invites visitors to send in photographs of the national parks.",),
        "Up to {n} photographs will be shown at the visitor centres.",
        "Nature & Parks",
    ),
)
