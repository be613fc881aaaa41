"""Words that tell what a control does, in English, German, French, Spanish, Italian and Portuguese.

Texts are compared as whole words, whatever their case and their accents.
"""

import re
import unicodedata

IRREVERSIBLE = (
    "delete|remove|erase|format|discard|overwrite|pay|buy|purchase|order|uninstall|shut ?down|log ?out|"
    "sign ?out|unsubscribe|wipe|destroy|empty (the )?trash|factory reset|place order|checkout|restart|reboot|"
    "(don'?t|do not|without) sav(e|ing)|"
    "loschen|loschung|entfernen|verwerfen|uberschreiben|bezahlen|zahlen|kaufen|bestellen|jetzt kaufen|"
    "zahlungspflichtig bestellen|deinstallieren|herunterfahren|ausschalten|neu starten|abmelden|formatieren|kundigen|"
    "papierkorb leeren|nicht speichern|ohne (zu )?speichern|"
    "supprimer|effacer|retirer|enlever|ecraser|payer|acheter|commander|desinstaller|eteindre|redemarrer|"
    "se deconnecter|deconnexion|formater|vider la corbeille|resilier|abandonner les modifications|"
    "ne pas enregistrer|sans enregistrer|"
    "eliminar|borrar|quitar|descartar|sobrescribir|pagar|comprar|pedir|desinstalar|apagar|reiniciar|cerrar sesion|"
    "formatear|vaciar la papelera|no guardar|sin guardar|"
    "elimina|eliminare|cancella definitivamente|rimuovi|rimuovere|scarta|sovrascrivi|paga|pagare|acquista|compra|"
    "ordina|disinstalla|spegni|riavvia|disconnetti|esci dall'account|formatta|svuota( il)? cestino|non salvare|"
    "senza salvare|"
    "excluir|remover|descartar|substituir arquivo|encomendar|desligar|terminar sessao|sair da conta|formatar|"
    "esvaziar( a)? lixeira|nao (salvar|guardar)|sem (salvar|guardar)"
)
"""What nobody can take back."""

LEAVES = (
    "send|submit|post|publish|upload|share|log ?in|sign ?in|sign ?up|install|reply|reply all|forward|transfer|"
    "subscribe|donate|register|"
    "senden|absenden|abschicken|versenden|veroffentlichen|hochladen|teilen|freigeben|anmelden|einloggen|registrieren|"
    "installieren|antworten|allen antworten|weiterleiten|uberweisen|abonnieren|spenden|"
    "envoyer|soumettre|valider la commande|publier|televerser|mettre en ligne|partager|se connecter|connexion|"
    "s'inscrire|installer|repondre|repondre a tous|transferer|s'abonner|"
    "enviar|publicar|subir archivo|compartir|iniciar sesion|acceder|registrarse|instalar|responder|reenviar|transferir|"
    "suscribirse|"
    "invia|inviare|pubblica|carica file|condividi|accedi|registrati|installa|rispondi|inoltra|trasferisci|bonifico|"
    "abbonati|"
    "submeter|carregar ficheiro|compartilhar|partilhar|entrar na conta|iniciar sessao|cadastrar|encaminhar|"
    "assinar|inscrever-se"
)
"""What other machines or people get to know of."""

AFFIRMING = (
    "ok|okay|yes|continue|confirm|apply|proceed|accept|agree|i agree|"
    "ja|weiter|bestatigen|anwenden|fortfahren|akzeptieren|zustimmen|"
    "oui|continuer|confirmer|appliquer|accepter|"
    "si|continuar|confirmar|aplicar|aceptar|"
    "conferma|continua|applica|accetta|procedi|"
    "sim|aceitar|prosseguir"
)
"""What agrees to whatever the window asks."""

REPLACING = "replace|ersetzen|remplacer|reemplazar|sostituisci|sostituire|substituir"
SAVING = (
    "save|saving|already exists|speichern|existiert|enregistrer|existe|guardar|salva|salvar|esiste gia|ja existe|"
    "file exists|confirm|question|frage|bestatigung"
)
"""Words of windows in which replacing means to lose the file that was there; elsewhere it belongs to searching."""

CLOSING = (
    "close|close window|close tab|quit|exit|schliessen|beenden|verlassen|fermer|quitter|"
    "cerrar|salir|chiudi|esci|fechar|sair"
)
"""What closes a window or ends a program."""

MAIL = (
    "thunderbird|evolution|kmail|geary|outlook|claws ?mail|sylpheed|mailspring|betterbird|gmail|webmail|roundcube|"
    "mail|e-?mail|inbox|compose|new message|posteingang|neue nachricht|boite de reception|nouveau message|"
    "bandeja de entrada|nuevo mensaje|posta in arrivo|nuovo messaggio|caixa de entrada|nova mensagem"
)
CHAT = (
    "slack|telegram|signal-desktop|discord|whatsapp|element-desktop|microsoft teams|mattermost|zulip|pidgin|gajim|"
    "hexchat|irssi|weechat|messenger|skype"
)
TERMINALS = (
    "xterm|uxterm|urxvt|rxvt|terminal|gnome-terminal|gnome-terminal-server|xfce4-terminal|lxterminal|mate-terminal|"
    "qterminal|konsole|kitty|alacritty|terminator|tilix|foot|wezterm|ghostty|guake|yakuake|tmux|console|"
    "powershell|cmd|cmd.exe|windows terminal|iterm|iterm2"
)

UNSAVED = re.compile(
    r"^\s*[*•●]|[*•●]\s*$|\*\s+[-–—]|^[^-–—]*\*\s*[-–—]|[\[(](modified|geandert|modifie|modificado|modificato|unsaved)[\])]|"
    r"\b(unsaved|ungespeichert|non enregistre|sin guardar|non salvat[oi]|nao salvo)\b"
)
"""A window title that says that something has not been saved; for plain texts."""


def plain(text: str) -> str:
    """The text in lower case and without accents, so that “Löschen” and “loschen” are one word."""
    parts = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("’", "'").casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def matcher(words: str) -> re.Pattern[str]:
    """Finds one of the words, which stand for themselves whole, in a plain text."""
    return re.compile(rf"(?<!\w)(?:{plain(words)})(?!\w)")
