"""Which CRM or address book wrote a list, by headers only it writes.

Owns the headers that give a tool away. Imported by ``lists``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from followertui.sources.column_names import fold_header

_BY_PATTERN: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("Google Contacts", re.compile(r"E-mail 1 - (?:Value|Label|Type)$|Organization 1 - Name$")),
    ("Dynamics", re.compile(r"\((?:Do Not Modify|Nicht ändern|Ne pas modifier|No modificar|Non modificare)\)", re.I)),
    ("Zoho", re.compile(r"(?:Owner|Account Name|Contact Name|Modified By|Layout|Besitzer|Kontoname)\.id$", re.I)),
    ("Attio", re.compile(r"\S > \S")),
    ("Pipedrive", re.compile(
        r"(?:Organi[sz]ation|Person|Deal|Lead|Organisatie|Persoon|Organisation|Personne|Affaire|Organización|Persona"
        r"|Organizzazione|Organização|Pessoa|組織|人物) - \S"
    )),
)  # fmt: skip
"""Tool -> what one of its headers looks like, as written."""

_BY_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Sales Navigator", (
        "vmid", "sales navigator url", "linkedin sales navigator url", "prospect linkedin url", "matches filters",
        "connection degree + company name", "sales nav url",
    )),
    ("LinkedIn", (
        "connected on", "verknüpft am + nachname", "vernetzt am", "connecté le", "conectado el", "collegato il",
        "conectado em", "verbonden op",
    )),
    ("Freshsales", ("sales account name", "sales account website", "sales accounts name")),
    ("Apollo", ("apollo contact id", "apollo account id", "company name for emails")),
    ("Attio", ("record + domains", "record + email addresses", "record id + email addresses", "record id + domains")),
    ("Zoho", ("record id + account site", "record id + account owner", "record id + contact owner + lead source")),
    ("Outlook", (
        "e-mail display name", "business street", "home street + e-mail address", "web page + business city",
        "ort geschäftlich", "straße geschäftlich", "e-mail: angezeigter name", "rue (bureau)", "ville (bureau)",
        "calle del trabajo", "ciudad de trabajo", "ciudad del trabajo", "via (ufficio)", "città (ufficio)",
        "rua (comercial)", "cidade (comercial)", "werkadres, straat", "werkadres, plaats", "会社 市区町村", "会社 番地",
    )),
    ("Odoo", (
        "related company", "is a company", "parent_id/name", "parent_id", "company_type + is_company", "is_company",
        "external id + salesperson", "related company/display name", "zugehöriges unternehmen", "société liée",
        "external id + complete name",
    )),
    ("SAP", (
        "kunnr", "name1 + land1", "customer + name 1", "kunde + name 1", "debitor", "business partner + name 1",
        "geschäftspartner + name 1", "client + nom 1", "cliente + nombre 1", "cliente + nome 1", "klant + naam 1",
    )),
    ("Dynamics", ("emailaddress1", "address1_city", "accountid + websiteurl", "row checksum")),
    ("HubSpot", ("record id", "id de l’enregistrement", "id del registro", "tietue-id", "id rekordu", "レコードid")),
    ("Salesforce", (
        "account owner", "owner id", "ownerid", "billing country", "billing city", "company / account", "mailing city",
        "accountinhaber", "propriétaire du compte", "propietario de la cuenta", "proprietario account",
        "proprietário da conta", "accounteigenaar", "取引先 所有者", "取引先所有者", "取引先責任者 id",
    )),
)  # fmt: skip
"""Tool -> headers, each enough by itself; ``+`` joins those that are enough together. The first that holds wins."""


_RECORD_IDS = ("recordid", "datensatzid", "iddenregistrement", "idderegistro", "idrecord", "iddoregistro")
"""Beginnings of the folded header HubSpot gives the id of a record, whatever the type of record."""


def tool_of(header: Sequence[str]) -> str:
    """The tool that wrote a list, "" where nothing gives it away.

    Args:
        header: headers as written.
    """
    for tool, pattern in _BY_PATTERN:
        if any(map(pattern.search, header)):
            return tool
    folded = {fold_header(column) for column in header}
    for tool, signs in _BY_WORDS:
        if any(folded.issuperset(map(fold_header, sign.split(" + "))) for sign in signs):
            return tool
    if any(column.startswith(_RECORD_IDS) for column in folded):
        return "HubSpot"
    return "Salesforce" if "Account Name" in header else ""
