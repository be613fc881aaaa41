"""Words by which instructions are told apart: commands, words of order and words of condition, in six languages."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


COMMANDS: frozenset[str] = _set(
    """
    add apply attach book calculate cancel change check choose clear click close collapse compose compute confirm copy
    create cut delete deselect disable dismiss download drag edit empty enable enter erase exit expand export fill find
    follow go hit hold import insert install launch leave log look mark maximize minimize mute navigate open paste pick
    play press print pull push put quit read redo reload remove rename repeat replace reply resize restart rotate run
    save scroll search select send set show sign sort start stop submit subtract switch tap tick toggle turn type
    uncheck undo uninstall unmute untick update upload use wait write zoom

    aktiviere aktivieren bearbeite bestätige breche deaktiviere drucke drücke drücken entferne füge gehe gib geh kehre
    klick klicke klicken kopiere kreuze lade lege lies lösche löschen markiere melde navigiere nenne nimm notiere öffne
    öffnen schalte scheibe schicke schließ schließe schließen schreib schreibe schreiben scrolle sende setze speicher
    speichere speichern starte starten stelle such suche suchen tippe tippen trage trag wähle wählen warte wechsle
    wechsele ziehe

    active activez aller allez annule annulez appuie appuyez attends attendez ajoute ajoutez cherche cherchez choisis
    choisissez clique cliquez coche cochez colle collez confirme confirmez copie copiez coupe coupez crée créez décoche
    décochez désactive désactivez double efface effacez enregistre enregistrez entre entrez envoie envoyez ferme fermez
    glisse glissez imprime imprimez insère insérez lance lancez lis lisez mets mettez modifie modifiez ouvre ouvrez
    quitte quittez recherche recherchez remplace remplacez renomme renommez retourne retournez sauvegarde sauvegardez
    sélectionne sélectionnez saisis saisissez supprime supprimez tape tapez télécharge téléchargez va valide validez

    abra abre activa active añade añada apaga arrastra baja borra borre busca busque cambia cambie cancela cierra cierre
    confirma copia copie corta corte crea cree desactiva descarga desmarca elija elige elimina elimine envía envíe
    escoge escriba escribe espera espere guarda guarde haga haz imprima imprime inicia inserta introduce introduzca ir
    marca marque mueve pega pegue pon ponga presiona presione pulsa pulse reemplaza renombra selecciona seleccione
    teclea ve vaya vuelve

    aggiungi aggiorna annulla apri aspetta attendi attiva cambia cancella cerca chiudi clicca compila conferma copia
    crea deseleziona digita disattiva elimina esegui fai imposta incolla inserisci invia metti modifica premi rimuovi
    rinomina salva scarica scegli scorri scrivi seleziona sostituisci spegni spunta stampa taglia torna trascina vai

    acesse adicione altere aperte apague arraste ative cancele clique cole compre confirme copie corte crie desative
    desmarque digite edite elimine encerre envie escolha escreva espere exclua faça feche grave imprima insira marque
    mude preencha pesquise pressione procure renomeie role salve selecione substitua toque vá volte
    """
)
"""Verbs with which an instruction begins, as one tells somebody to do it."""

CONDITIONS: frozenset[str] = _set(
    """
    if when whenever once unless while as after before until because since
    wenn falls sobald während nachdem bevor bis weil sofern
    si quand lorsque dès tant jusqu pendant
    cuando mientras hasta porque
    se quando appena finché mentre perché
    caso enquanto assim até
    """
)
"""Words that begin a condition: the first "then" or comma behind one still belongs to it."""

ORDER_WORDS: tuple[str, ...] = (
    "and then", "and after that", "after that", "and afterwards", "afterwards", "and finally", "then", "subsequently",
    "und dann", "dann", "und danach", "danach", "und anschließend", "anschließend", "daraufhin",
    "et puis", "puis", "et ensuite", "ensuite", "après cela", "après ça",
    "y luego", "luego", "y después", "después", "a continuación",
    "e poi", "poi", "e quindi", "dopodiché", "in seguito",
    "e depois", "depois", "em seguida", "e então", "então",
)  # fmt: skip
"""Words that begin the next instruction wherever they stand."""

PLACE_WORDS: tuple[str, ...] = (
    "firstly", "first of all", "secondly", "thirdly", "lastly", "finally", "to begin with",
    "zuerst", "zunächst", "als erstes", "als nächstes", "zweitens", "drittens", "zuletzt", "zum schluss", "schließlich",
    "und zuletzt", "und schließlich", "und zum schluss",
    "d'abord", "d’abord", "tout d'abord", "premièrement", "deuxièmement", "enfin", "et enfin", "finalement",
    "et finalement", "pour finir",
    "en primer lugar", "por último", "y por último", "finalmente", "y finalmente",
    "per prima cosa", "innanzitutto", "infine", "e infine", "per finire",
    "em primeiro lugar", "por fim", "e por fim", "e finalmente",
)  # fmt: skip
"""Words that say which instruction this is, where they stand at the beginning of one."""

NUMBER_WORDS: tuple[str, ...] = (
    "first", "second", "third", "fourth", "fifth", "next", "last", "now", "erstens", "jetzt", "primero", "segundo",
    "tercero", "prima", "primeiro", "ahora", "agora", "adesso", "maintenant",
)  # fmt: skip
"""The same where a comma or a command follows; otherwise they may belong to a name: "first name"."""

NOT_AFTER: frozenset[str] = _set(
    "since by until till even just back only and or not so of bis seit desde até hasta fino depuis jusque wenn"
)
"""Behind these words a word of order says when something is, and not what comes next."""

NOT_BEFORE: tuple[str, ...] = ("de", "d", "di", "do", "da", "que", "of")
"""Before these words a word of order begins a condition: "después de abrir"."""

ANDS: tuple[str, ...] = ("and", "und", "et", "y", "e")

PREPOSITIONS: frozenset[str] = _set(
    """
    from in on at of for by as dialog dialogue button menu tool window box
    aus im am auf von dialog schaltfläche menü de du des dans sur del en nel della da do no na
    """
)
"""Behind these a verb was part of a name: "find and replace dialog", "cut and paste from the menu"."""
