"""Exports of CRMs and address books in the languages of their users: what each column is taken for, and the tool."""

from __future__ import annotations

from pathlib import Path

import pytest
from one_by_one import read_list

from followertui.domain.lists import ListEntry
from followertui.sources.kinds import CONTACT_LOG, LIST
from followertui.sources.list_columns import guess_list_columns
from followertui.sources.list_tools import tool_of
from followertui.sources.problems import Problem
from followertui.sources.recognising import describe, recognise

PEOPLE = (
    {"first_name": "Lena", "last_name": "Brandt", "person": "Lena Brandt", "company": "Nordkai Logistik GmbH",
     "title": "Head of Logistics", "email": "lena.brandt@nordkai.example", "domain": "nordkai.example",
     "city": "Hamburg", "country": "Germany", "owner": "Anna Alt", "crm_id": "7101", "region": "Hamburg"},
    {"first_name": "Omar", "last_name": "Fitouri", "person": "Omar Fitouri", "company": "Sahara Data SARL",
     "title": "Data Engineer", "email": "omar@sahara-data.example", "domain": "sahara-data.example", "city": "Tunis",
     "country": "Tunisia", "owner": "Bo Berg", "crm_id": "7102", "region": "Tunis"},
    {"first_name": "Priya", "last_name": "Nair", "person": "Priya Nair", "company": "Initech Ltd", "title": "CTO",
     "email": "priya@initech.example", "domain": "initech.example", "city": "Leeds", "country": "United Kingdom",
     "owner": "Anna Alt", "crm_id": "7103", "region": "Yorkshire"},
)  # fmt: skip

EXPORTS = {
    "HubSpot people en": ("HubSpot", "Record ID - Contact=crm_id|First Name=first_name|Last Name=last_name|Email=email|"
        "Contact owner=owner|Lead Status=|Create Date=|Record ID - Company=|Company name=company|Company owner="),
    "HubSpot people de": ("HubSpot", "Datensatz-ID - Kontakt=crm_id|Vorname=first_name|Nachname=last_name|E-Mail=email|"
        "Zuständiger Mitarbeiter für Kontakt=|Jobbezeichnung=title|Name des Unternehmens=company"),
    "HubSpot people es": ("HubSpot", "ID de registro - Contacto=crm_id|Nombre=first_name|Apellidos=last_name|"
        "Correo=email|Propietario del contacto=owner|Cargo=title|Nombre de la empresa=company"),
    "HubSpot people it": ("HubSpot", "ID record - Contatto=crm_id|Nome=first_name|Cognome=last_name|E-mail=email|"
        "Proprietario del contatto=owner|Qualifica=title|Nome dell'azienda=company"),
    "HubSpot people pt": ("HubSpot", "ID do registro=crm_id|Nome=first_name|Sobrenome=last_name|E-mail=email|"
        "Cargo=title|Nome da empresa=company|Proprietário do contato=owner"),
    "HubSpot people ja": ("HubSpot", "レコードID=crm_id|名=first_name|姓=last_name|Eメール=email|役職=title|"
        "会社名=company|コンタクトの担当者=owner"),
    "HubSpot companies fr": ("HubSpot", "ID d’enregistrement=crm_id|Nom de l’entreprise=company|"
        "Nom de domaine de l’entreprise=domain|Propriétaire de l’entreprise=owner|Ville=city|Pays/Région=country"),
    "HubSpot companies nl": ("HubSpot", "Record-ID - Bedrijf=crm_id|Bedrijfsnaam=company|"
        "Domeinnaam van bedrijf=domain|Eigenaar van bedrijf=owner|Plaats=city"),
    "Salesforce leads en": ("Salesforce", "Lead Owner=owner|First Name=first_name|Last Name=last_name|Title=title|"
        "Company / Account=company|Email=email|Billing City=city"),
    "Salesforce contacts en": ("Salesforce", "Contact ID=crm_id|Full Name=person|Account Name=company|Account ID=|"
        "Title=title|Email=email|Account Owner=owner|Mailing City=city|Mailing Country=country"),
    "Salesforce de": ("Salesforce", "Account-ID=crm_id|Account-Name=company|Account-Inhaber=owner|"
        "Ort (Rechnungsanschrift)=city|Website=domain"),
    "Salesforce fr": ("Salesforce", "Nom du compte=company|Propriétaire du compte=owner|Ville de facturation=city|"
        "Pays de facturation=country|Site Web=domain"),
    "Salesforce es": ("Salesforce", "Nombre de la cuenta=company|Propietario de la cuenta=owner|"
        "Ciudad de facturación=city|País de facturación=country|Sitio web=domain"),
    "Salesforce ja": ("Salesforce", "取引先名=company|取引先 所有者=owner|市区郡(請求先)=city|国(請求先)=country|"
        "Web サイト=domain|取引先 ID=crm_id"),
    "Dynamics accounts": ("Dynamics", "(Do Not Modify) Account=crm_id|(Do Not Modify) Row Checksum=|"
        "Account Name=company|Address 1: City=city|Main Phone=|Website=domain"),
    "Dynamics contacts": ("Dynamics", "(Do Not Modify) Contact=crm_id|Full Name=person|Email=email|"
        "Company Name=company|Job Title=title"),
    "Dynamics technical": ("Dynamics", "accountid=crm_id|name=company|websiteurl=domain|address1_city=city|"
        "address1_country=country"),
    "Zoho": ("Zoho", "Record Id=crm_id|Contact Owner.id=|Contact Owner=owner|First Name=first_name|Last Name=last_name|"
        "Account Name.id=|Account Name=company|Email=email|Secondary Email=email|Title=title|Mailing City=city"),
    "Zoho accounts": ("Zoho", "Record Id=crm_id|Account Owner=owner|Account Name=company|Account Site=|Website=domain|"
        "Billing City=city"),
    "Attio companies": ("Attio", "Record ID=crm_id|Record=company|Domains=domain|Primary location > Locality=city|"
        "Primary location > Country code=country|Twitter follower count="),
    "Attio people": ("Attio", "Record ID=crm_id|Record=person|Email addresses=email|Company=company|Job title=title"),
    "Apollo people": ("Apollo", "First Name=first_name|Last Name=last_name|Title=title|Company=company|"
        "Company Name for Emails=|Email=email|Contact Owner=owner|Account Owner=|Website=domain|City=city|"
        "Company City=|Country=country|Company Country=|Apollo Contact Id=crm_id|Apollo Account Id="),
    "Pipedrive people en": ("Pipedrive", "Person - ID=crm_id|Person - Name=person|Person - Organization=company|"
        "Person - Email - Work=email|Person - Phone - Work=|Person - Owner=owner"),
    "Pipedrive companies de": ("Pipedrive", "Organisation - ID=crm_id|Organisation - Name=company|"
        "Organisation - Webseite=domain"),
    "Pipedrive companies pt": ("Pipedrive", "Organização - Nome=company|Organização - Site=domain"),
    "Odoo labels": ("Odoo", "External ID=crm_id|Name=person|Related Company=company|Email=email|Job Position=title|"
        "Salesperson=owner|City=city|Country/Country Name=country"),
    "Odoo technical": ("Odoo", "id=crm_id|name=person|parent_id/name=company|email=email|function=title|"
        "user_id/name=owner|country_id/name=country"),
    "SAP en": ("SAP", "Customer=crm_id|Name 1=company|City=city|Country=country|Search Term="),
    "SAP de": ("SAP", "Debitor=crm_id|Name 1=company|Ort=city|Land=country"),
    "SAP technical": ("SAP", "KUNNR=crm_id|NAME1=company|ORT01=city|LAND1=country|SMTP_ADDR=email"),
    "Google 2024": ("Google Contacts", "First Name=first_name|Last Name=last_name|Organization Name=company|"
        "Organization Title=title|E-mail 1 - Label=|E-mail 1 - Value=email|E-mail 2 - Label=|E-mail 2 - Value=email|"
        "Website 1 - Label=|Website 1 - Value=domain"),
    "Google before": ("Google Contacts", "Name=|Given Name=first_name|Family Name=last_name|E-mail 1 - Type=|"
        "E-mail 1 - Value=email|Organization 1 - Name=company|Organization 1 - Title=title"),
    "Outlook en": ("Outlook", "First Name=first_name|Last Name=last_name|E-mail Address=email|E-mail 2 Address=email|"
        "Company=company|Job Title=title|Business Street=|Business City=city|Business Country/Region=country|"
        "Web Page=domain"),
    "Outlook de": ("Outlook", "Vorname=first_name|Nachname=last_name|Firma=company|Position=title|"
        "Ort geschäftlich=city|Land/Region geschäftlich=country|E-Mail-Adresse=email|E-Mail 2: Adresse=email|"
        "Webseite=domain"),
    "Outlook fr": ("Outlook", "Prénom=first_name|Nom=last_name|Société=company|Profession=title|Ville (bureau)=city|"
        "Adresse de messagerie=email|Page Web=domain"),
    "Sales Navigator": ("Sales Navigator", "vmid=crm_id|fullName=person|firstName=first_name|lastName=last_name|"
        "companyName=company|title=title|companyId="),
    "Sales Navigator tool": ("Sales Navigator", "First Name=first_name|Last Name=last_name|Current Job=title|"
        "Company=company|Company Domain=domain|Email=email|Prospect Linkedin URL="),
    "LinkedIn": ("LinkedIn", "First Name=first_name|Last Name=last_name|Email Address=email|Company=company|"
        "Position=title|Connected On="),
    "Belgium": ("", "Voornaam=first_name|Naam=last_name|Organisatie=company|Functie=title|E-mailadres=email"),
    "Portugal": ("", "Razão Social=company|Sítio=domain|País=country|Cidade=city"),
}  # fmt: skip
"""Name -> tool, and each header with the field it is taken for."""

_SHOWN = {"Company City": "city", "Company Country": "country", "Account Site": "city", "Account ID": "shared",
          "Record ID - Company": "shared",
          "Contact Owner.id": "shared", "Account Name.id": "shared", "Apollo Account Id": "shared",
          "companyId": "shared", "Company owner": "owner", "Account Owner": "owner", "Name": "person"}  # fmt: skip
"""What stands in columns whose expected field does not say it."""


def table_of(columns: str) -> tuple[list[str], list[str], list[list[str]]]:
    """Headers, expected fields, and a row for each of ``PEOPLE`` whose cells fit them."""
    header, fields = zip(*(pair.rsplit("=", 1) for pair in columns.split("|")), strict=True)
    rows = []
    for number, person in enumerate(PEOPLE):
        values = {**person, "shared": "0015-acme" if number < 2 else "0016-acme"}
        rows.append([values.get(field or _SHOWN.get(name, ""), "") for name, field in zip(header, fields, strict=True)])
    return list(header), list(fields), rows


@pytest.mark.parametrize("name", EXPORTS)
def test_columns_of_an_export_are_named_rightly(name: str) -> None:
    tool, columns = EXPORTS[name]
    header, fields, rows = table_of(columns)
    found = guess_list_columns(header, rows)
    understood = {guess.column: guess.field for guess in found if guess.field not in ("", "kind")}
    expected = {column: field for column, field in zip(header, fields, strict=True) if field}
    assert understood == expected
    assert tool_of(header) == tool


def written(tmp_path: Path, text: str, name: str = "export.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def entries(tmp_path: Path, text: str) -> list[ListEntry]:
    return [one for one in read_list(written(tmp_path, text)) if isinstance(one, ListEntry)]


def test_several_addresses_and_a_profile_among_sites(tmp_path: Path) -> None:
    text = (
        "Name,Given Name,Family Name,E-mail 1 - Type,E-mail 1 - Value,E-mail 2 - Value,Organization 1 - Name,"
        "Website 1 - Type,Website 1 - Value\n"
        "Lena Brandt,Lena,Brandt,* Work,l@nordkai.example ::: lena@nordkai-sea.example,,Nordkai GmbH ::: Sea AG,Work,"
        "https://www.nordkai.example\n"
        "Omar Fitouri,Omar,Fitouri,* Work,o@sahara.example,of@mail.example,Sahara SARL,Profile,"
        "https://twitter.com/Omar_Fitouri ::: https://sahara.example/team\n"
    )
    lena, omar = entries(tmp_path, text)
    assert lena.emails == ("l@nordkai.example", "lena@nordkai-sea.example")
    assert (lena.company, lena.domains, lena.handles) == ("Nordkai GmbH", ("nordkai.example",), ())
    assert omar.emails == ("o@sahara.example", "of@mail.example")
    assert (omar.handles, omar.domains) == (("omar_fitouri",), ("sahara.example",))
    assert describe(recognise(tmp_path / "export.csv")) == "Google Contacts CSV list, 2 people and companies"


@pytest.mark.parametrize(
    ("cell", "company"),
    [
        ("Nordkai GmbH; Sea AG", "Nordkai GmbH"),
        ("Nordkai GmbH ::: Sea AG", "Nordkai GmbH"),
        ("Nordkai GmbH\nSea Freight Ltd", "Nordkai GmbH"),
        ("Nordkai\nLogistik GmbH", "Nordkai Logistik GmbH"),
        ("M&uuml;ller &amp; S&ouml;hne", "Müller & Söhne"),
        ("Smile ;)", "Smile ;)"),
    ],
)
def test_the_first_of_several_companies_in_a_cell_is_taken_and_the_rest_is_told(
    tmp_path: Path, cell: str, company: str
) -> None:
    text = f'Company,City\n"{cell}",Kiel\nGlobex,Ulm\n'
    found = list(read_list(written(tmp_path, text)))
    first = next(one for one in found if isinstance(one, ListEntry))
    told = [one.reason for one in found if isinstance(one, Problem)]
    assert first.company == company
    assert bool(told) == (company == "Nordkai GmbH")


def test_a_second_organisation_stands_in_and_a_second_line_goes_on(tmp_path: Path) -> None:
    text = (
        "First Name,Last Name,Organization 1 - Name,Organization 2 - Name\n"
        "Lena,Brandt,Nordkai,Sea AG\nOmar,Fitouri,,Sahara SARL\n"
    )
    assert [one.company for one in entries(tmp_path, text)] == ["Nordkai", "Sahara SARL"]
    text = (
        "Customer,Name 1,Name 2,City\n10017,Nordkai Logistik,Beteiligungs GmbH,Kiel\n10018,Globex GmbH,Einkauf,Ulm\n"
        "10019,Hooli AG,,Bonn\n"
    )
    found = entries(tmp_path, text)
    assert [one.company for one in found] == ["Nordkai Logistik Beteiligungs GmbH", "Globex GmbH", "Hooli AG"]
    assert [one.crm_id for one in found] == ["10017", "10018", "10019"]


def test_what_is_the_company_s_is_not_the_person_s(tmp_path: Path) -> None:
    text = (
        "First Name,Last Name,Company,Email,Company Email,Twitter Url\n"
        "Lena,Brandt,Nordkai,lena@nordkai.example,info@nordkai.example,https://twitter.com/nordkai\n"
        "Jan,Petersen,Nordkai,jan@nordkai.example,info@nordkai.example,https://twitter.com/nordkai\n"
        "Omar,Fitouri,Sahara,omar@sahara.example,hi@sahara.example,https://twitter.com/saharadata\n"
    )
    found = entries(tmp_path, text)
    assert [one.handles for one in found] == [(), (), ()]
    assert [one.emails for one in found] == [
        ("lena@nordkai.example",), ("jan@nordkai.example",), ("omar@sahara.example",),
    ]  # fmt: skip
    alone = "First Name,Last Name,Company,Twitter\nLena,Brandt,Nordkai,lena_b\nJan,Petersen,Nordkai,janp\n"
    assert [one.handles for one in entries(tmp_path, alone)] == [("lena_b",), ("janp",)]


def test_companies_among_people_are_companies(tmp_path: Path) -> None:
    text = (
        "External ID,Name,Is a Company,Related Company,Company,Email\n"
        "__export__.p_1,Nordkai Logistik,True,,Acme,info@nordkai.example\n"
        "__export__.p_2,Lena Brandt,False,Nordkai Logistik,Acme,lena@nordkai.example\n"
        "__export__.p_3,Globex Ltd,False,,Acme,\n"
        "__export__.p_4,Omar Fitouri,False,,Acme,omar@sahara.example\n"
        "__export__.p_5,Priya Nair,False,Initech,Acme,priya@initech.example\n"
    )
    found = [(one.company, one.person) for one in entries(tmp_path, text)]
    assert found == [
        ("Nordkai Logistik", ""), ("Nordkai Logistik", "Lena Brandt"), ("Globex Ltd", ""), ("", "Omar Fitouri"),
        ("Initech", "Priya Nair"),
    ]  # fmt: skip


FOOTER = (
    '\n"Accounts by owner"\n"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."\n'
    '"Confidential Information - Do Not Distribute"\n"Generated By:  Anna Alt  11/20/2026 9:14 AM"\n"Acme"\n'
)
FOOTERS = (
    FOOTER,
    '\n\n"Kunden nach Inhaber"\n"Copyright © 2000-2026 salesforce.com, inc."\n"Vertrauliche Informationen"\n',
    '"Grand Totals (3 records)"\n\n"My report"\n"Confidential Information - Do Not Distribute"\n"Acme"\n',
    '\n"Comptes"\n\n"Copyright (c) 2000-2026 salesforce.com"\n"Informations confidentielles"\n',
)


@pytest.mark.parametrize("footer", FOOTERS)
def test_a_small_report_keeps_its_record_ids_and_loses_its_footer(tmp_path: Path, footer: str) -> None:
    rows = '"001A000001abCdE","Nordkai GmbH","a.example"\n"001A000001abcdE","Globex","b.example"\n'
    text = f'"Account ID","Account Name","Website"\n{rows}"001A000001abCde","Initech Ltd","c.example"\n{footer}'
    found = list(read_list(written(tmp_path, text)))
    assert [one.crm_id for one in found if isinstance(one, ListEntry)] == [
        "001A000001abCdE", "001A000001abcdE", "001A000001abCde",
    ]  # fmt: skip
    assert not [one for one in found if isinstance(one, Problem)]


def test_a_lone_cell_after_an_empty_row_is_told_where_no_footer_follows(tmp_path: Path) -> None:
    text = "Account ID,Account Name,Website\n1001,Nordkai,a.example\n\nstray\n1002,Globex,b.example\n"
    found = list(read_list(written(tmp_path, text)))
    assert [one.line for one in found if isinstance(one, Problem) and one.is_refused] == [4]


RECORDS = "Record ID,First Name,Last Name,Email,Company Name,Job Title,Lifecycle Stage,Last Contacted\n"
LISTS = {
    "HubSpot": RECORDS + "51,Lena,Brandt,l@a.example,Nordkai,COO,Customer,2026-10-01 10:00\n"
        "52,Jan,Petersen,j@a.example,Nordkai,CTO,Lead,\n",
    "Apollo": "First Name,Last Name,Title,Company,Email,Stage,Last Contacted,Contact Owner\n"
        "Lena,Brandt,COO,Nordkai,l@a.example,Cold,2026-10-01,Kim\nJan,Petersen,CTO,Globex,j@b.example,Cold,,Kim\n",
    "with a channel of origin": "Contact ID,Full Name,Email,Company,Channel,Created At\n"
        "7,Lena Brandt,l@a.example,Nordkai,Paid search,2026-10-01\n8,Jan Roe,j@b.example,Globex,Organic,2026-10-02\n",
    "of a few fields": "Email,Company,Job Title,Contacted\nl@a.example,Nordkai,COO,2026-10-01\n"
        "j@b.example,Globex,CTO,\n",
}  # fmt: skip
LOGS = {
    "of a CRM": "Contact ID,First Name,Last Name,Email,Company,Activity Type,Activity Date,Date\n"
        "7,Lena,Brandt,l@a.example,Nordkai,Call,2026-10-01,2026-10-01\n"
        "7,Lena,Brandt,l@a.example,Nordkai,Email,2026-10-02,2026-10-02\n",
    "by hand": "handle,contacted at,channel,note\nnordkai,2026-10-01,email,asked for a price\n",
    "of addresses": "Email,Last Contacted\nl@a.example,2026-10-01\nj@b.example,2026-10-02\n",
    "with owners": "Email,Company,Owner,Channel,Date\nl@a.example,Nordkai,Kim,Meeting,2026-10-01\n"
        "j@b.example,Globex,Kim,Phone call,2026-10-02\n",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "what"), [*((t, LIST) for t in LISTS.values()), *((t, CONTACT_LOG) for t in LOGS.values())]
)
def test_a_record_outweighs_a_date_of_contact_and_a_way_of_contact_makes_a_log(
    tmp_path: Path, text: str, what: str
) -> None:
    assert recognise(written(tmp_path, text)).what == what


def test_two_numbered_names_alone_are_no_list(tmp_path: Path) -> None:
    assert recognise(written(tmp_path, "name1,name2\nalexander,alex\nkatherine,kate\n")).what == "unknown"
