"""Words that say nothing of what a text is about, in the languages that come in most often."""

_ENGLISH = """a about after again all also although always am an and any are aren't around as
at away back be because been before being between both but by came can can't cannot come
could couldn't did didn't do does doesn't doing don't done down during each either else
enough etc even ever every few first for from further gave get gets getting give given go
goes going gone got had hadn't has hasn't have haven't having he he's her here hers him
his how however i i'd i'll i'm i've if in instead into is isn't it it's its itself just
keep kept know last least less let like little lot made make many may maybe me mean might
mine more most much must my myself near need needs neither never next no nor not nothing
now of off often ok okay on once one only onto or other others ought our ours out over own
per perhaps please put quite rather really said same saw say says see seem seems seen
shall she should shouldn't since so some someone something still such sure take taken tell
than thank thanks that that's the their theirs them then there there's these they they're
thing things think this those though through thus till to today together told too took
toward tried try trying two under until up upon us use used using very via want wanted
wants was wasn't way we we're well went were weren't what what's when where whether which
while who whom whose why will with within without won't would wouldn't yes yet you you'd
you'll you're you've your yours yourself"""
_GERMAN = """aber alle allem allen aller alles als also am an andere anderen auch auf aus bei
beim bin bis bist bitte da dabei dadurch daher damit dann daran darauf darf das dass dein
deine dem den denen denn der deren des dessen die dies diese diesem diesen dieser dieses
dir doch dort du durch ein eine einem einen einer eines einfach einmal er es etwas euch
euer eure für ganz gar gegen gehabt gern gewesen haben habe hat hatte hatten hier hinter
ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer in ins irgendwie ist ja jede jedem
jeden jeder jedes jene jetzt kann kannst kein keine keinem keinen keiner können könnte man
manche mehr mein meine meinem meinen meiner mich mir mit muss müssen nach nein nicht
nichts noch nun nur ob oder ohne schon sehr sein seine seinem seinen seiner seit selbst
sich sie sind so solche soll sollte sondern sonst über um und uns unser unsere unter viel
vom von vor während war waren warum was weil weiter welche wenn wer werde werden wie
wieder will wir wird wo wollen wurde wurden zu zum zur zwar zwischen"""
_FRENCH = """ai alors après au aucun aussi autre aux avant avec avez avoir avons bien car ce
ceci cela celle celui ces cet cette chez comme comment dans de des donc dont du elle elles
en encore entre est et été être étaient était eu fait faire il ils je jusque la là le les
leur leurs lors lui ma mais me même mes moi moins mon ne ni non nos notre nous on ont ou
où par parce pas peu peut plus pour pourquoi puis qu quand que quel quelle qui quoi sa
sans se sera ses si son sont sous suis sur ta te tes toi tous tout toute toutes très trop
tu un une vers voilà vos votre vous"""
_SPANISH = """al algo antes así aún aunque cada casi como con contra cual cuando de del desde
donde dos el él ella ellas ellos en entre era eran es esa ese eso esta está están estar
estas este esto estos fue fueron ha han hasta hay he la las le les lo los más me mi mis
muy nada ni no nos nosotros nuestra nuestro nunca o os otra otro para pero poco por porque
pues que qué quien se sea según ser si sí sido sin sobre solo sólo son soy su sus también
tan tanto te tengo tener tiene tienen todo todos tu tus un una uno unos usted ustedes vez
y ya yo"""
_ITALIAN = """abbiamo ad agli ai al alla alle allo anche ancora aveva avere ben che chi ci
come con cosa così cui da dagli dai dal dalla delle degli dei del della dello di dopo dove
due ed era erano essere fare fatto fra gli ha hai hanno ho il in io la le lei li lo loro
lui ma me mi mia mie mio molto ne negli nei nel nella nelle noi non nostro ogni per perché
più poi prima può quale quando quanto quella quello questa queste questi questo qui se sei
si sia siamo sono sono stata stato su sua sue sugli sui sul sulla suo tra tu tutti tutto
un una uno va voi"""
_DUTCH = """aan al alles als altijd andere ben bij daar dan dat de der deze die dit doch
doen door dus een eens en er ge geen geweest haar had heb hebben heeft hem het hier hij
hoe hun iemand iets ik in is ja je kan kon kunnen maar me meer men met mij mijn moet na
naar niet niets nog nu of om omdat onder ons ook op over reeds te tegen toch toen tot u
uit uw van veel voor want waren was wat werd wezen wie wil worden wordt zal ze zelf zich
zij zijn zo zonder zou"""
_PORTUGUESE = """ao aos aquela aquele as até com como da das de dela dele depois do dos ela elas
ele eles em entre era essa esse esta está estão este eu foi foram há isso isto já lhe mais
mas me mesmo meu meus minha muito na não nas nem no nos nós nossa nosso num numa ou para
pela pelas pelo pelos por porque quando que quem são se seja sem ser seu seus só sua suas
também te tem têm ter teu um uma você vocês"""

STOP_WORDS = frozenset(
    " ".join((_ENGLISH, _GERMAN, _FRENCH, _SPANISH, _ITALIAN, _DUTCH, _PORTUGUESE)).split()
)
