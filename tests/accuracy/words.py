"""Names and places of the corpus, all invented but the countries."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Country:
    """A country as the Ministry writes it, long and short, in English, and its ISO code."""

    iso: str
    long: str
    short: str
    english: str
    city: str
    english_city: str


PARTNERS = (
    Country("MN", "モンゴル国", "モンゴル", "Mongolia", "ウランバートル", "Ulaanbaatar"),
    Country("BD", "バングラデシュ人民共和国", "バングラデシュ", "Bangladesh", "ダッカ", "Dhaka"),
    Country("ET", "エチオピア連邦民主共和国", "エチオピア", "Ethiopia", "アディスアベバ", "Addis Ababa"),
    Country("KE", "ケニア共和国", "ケニア", "Kenya", "ナイロビ", "Nairobi"),
    Country("MV", "モルディブ共和国", "モルディブ", "Maldives", "マレ", "Male"),
    Country("VN", "ベトナム社会主義共和国", "ベトナム", "Viet Nam", "ハノイ", "Ha Noi"),
    Country("LA", "ラオス人民民主共和国", "ラオス", "Lao PDR", "ビエンチャン", "Vientiane"),
    Country("ID", "インドネシア共和国", "インドネシア", "Indonesia", "ジャカルタ", "Jakarta"),
    Country("CR", "コスタリカ共和国", "コスタリカ", "Costa Rica", "サンホセ", "San Jose"),
    Country("PW", "パラオ共和国", "パラオ", "Palau", "コロール", "Koror"),
    Country("KH", "カンボジア王国", "カンボジア", "Cambodia", "プノンペン", "Phnom Penh"),
    Country("MX", "メキシコ合衆国", "メキシコ", "Mexico", "グアダラハラ", "Guadalajara"),
    Country("SA", "サウジアラビア王国", "サウジアラビア", "Saudi Arabia", "リヤド", "Riyadh"),
    Country("CL", "チリ共和国", "チリ", "Chile", "サンティアゴ", "Santiago"),
    Country("TH", "タイ王国", "タイ", "Thailand", "バンコク", "Bangkok"),
    Country("PH", "フィリピン共和国", "フィリピン", "the Philippines", "マニラ", "Manila"),
    Country("SN", "セネガル共和国", "セネガル", "Senegal", "ダカール", "Dakar"),
    Country("TN", "チュニジア共和国", "チュニジア", "Tunisia", "チュニス", "Tunis"),
    Country("GE", "ジョージア", "ジョージア", "Georgia", "トビリシ", "Tbilisi"),
    Country("UZ", "ウズベキスタン共和国", "ウズベキスタン", "Uzbekistan", "タシケント", "Tashkent"),
    Country(
        "PG",
        "パプアニューギニア独立国",
        "パプアニューギニア",
        "Papua New Guinea",
        "ポートモレスビー",
        "Port Moresby",
    ),
    Country("KG", "キルギス共和国", "キルギス", "Kyrgyz Republic", "ビシュケク", "Bishkek"),
    Country("UA", "ウクライナ", "ウクライナ", "Ukraine", "キーウ", "Kyiv"),
    Country("IN", "インド共和国", "インド", "India", "ムンバイ", "Mumbai"),
)

OTHERS = (
    Country("DE", "ドイツ連邦共和国", "ドイツ", "Germany", "ボン", "Bonn"),
    Country("FR", "フランス共和国", "フランス", "France", "パリ", "Paris"),
    Country("BR", "ブラジル連邦共和国", "ブラジル", "Brazil", "サンパウロ", "Sao Paulo"),
    Country("EG", "エジプト・アラブ共和国", "エジプト", "Egypt", "カイロ", "Cairo"),
    Country("SG", "シンガポール共和国", "シンガポール", "Singapore", "シンガポール市", "Singapore City"),
    Country("KR", "大韓民国", "韓国", "Republic of Korea", "釜山", "Busan"),
    Country("NO", "ノルウェー王国", "ノルウェー", "Norway", "オスロ", "Oslo"),
    Country("OM", "オマーン国", "オマーン", "Oman", "マスカット", "Muscat"),
    Country("CA", "カナダ", "カナダ", "Canada", "モントリオール", "Montreal"),
)

HOME_PLACES = (
    "東京都千代田区 霞会館大会議室",
    "京都府京都市 洛北国際会議場",
    "愛知県名古屋市 金山産業センター",
    "北海道札幌市 豊平市民ホール",
    "オンライン",
    "中央合同庁舎第5号館 第2会議室（オンライン併用）",
)
HOME_PLACES_EN = ("Tokyo", "Kyoto International Hall", "Online", "Yokohama (hybrid)")

BUREAUS = (
    "環境省地球環境局国際脱炭素移行推進・環境インフラ担当参事官室",
    "環境省地球環境局総務課気候変動観測研究戦略室",
    "環境省自然環境局自然環境計画課生物多様性戦略推進室",
    "環境省水・大気環境局海洋環境課",
    "環境省環境再生・資源循環局廃棄物規制課",
    "環境省大臣官房環境保健部化学物質審査室",
    "環境省大臣官房総合政策課",
)
AGENCY = "環境庁大気保全局企画課"

ROLES = (
    "課長",
    "室長",
    "室長補佐",
    "課長補佐",
    "補佐",
    "参事官",
    "参事官補佐",
    "国際炭素市場調整官",
    "主査",
    "係長",
    "担当",
)
FAMILIES = (
    "相原",
    "井沢",
    "内海",
    "奥村",
    "川島",
    "木下",
    "黒田",
    "榊",
    "白石",
    "関口",
    "滝沢",
    "塚本",
    "鳥居",
    "中里",
    "橋爪",
)
GIVENS = (
    "一樹",
    "彩",
    "剛",
    "和子",
    "浩二",
    "沙織",
    "慎吾",
    "拓",
    "奈緒",
    "春香",
    "文彦",
    "まい",
    "光",
    "結衣",
    "祐介",
)

CATEGORIES = (
    "大臣官房",
    "総合政策",
    "地球環境",
    "大気環境",
    "水・土壌",
    "自然環境",
    "再生循環",
    "保健・化学物質",
)
MINISTRIES = (
    "経済産業省",
    "外務省",
    "農林水産省",
    "国土交通省",
    "文部科学省",
    "財務省",
    "厚生労働省",
    "林野庁",
)
TECHNOLOGIES = (
    "下水熱の利用",
    "風力発電",
    "廃熱の回収",
    "バイオガスの製造",
    "高効率変圧器の導入",
    "電動バスの導入",
)
