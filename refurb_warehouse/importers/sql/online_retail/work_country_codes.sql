-- ISO 3166-1 codes of the country names of the source. Channel Islands, West Indies, European
-- Community and Unspecified are no single country: they have no code.
-- Grain: one row per country name.
select country, country_code
from (
    values
        ('Australia', 'AU'), ('Austria', 'AT'), ('Bahrain', 'BH'), ('Belgium', 'BE'),
        ('Bermuda', 'BM'), ('Brazil', 'BR'), ('Canada', 'CA'), ('Cyprus', 'CY'),
        ('Czech Republic', 'CZ'), ('Denmark', 'DK'), ('EIRE', 'IE'), ('Finland', 'FI'),
        ('France', 'FR'), ('Germany', 'DE'), ('Greece', 'GR'), ('Hong Kong', 'HK'),
        ('Iceland', 'IS'), ('Israel', 'IL'), ('Italy', 'IT'), ('Japan', 'JP'), ('Korea', 'KR'),
        ('Lebanon', 'LB'), ('Lithuania', 'LT'), ('Malta', 'MT'), ('Netherlands', 'NL'),
        ('Nigeria', 'NG'), ('Norway', 'NO'), ('Poland', 'PL'), ('Portugal', 'PT'),
        ('RSA', 'ZA'), ('Saudi Arabia', 'SA'), ('Singapore', 'SG'), ('Spain', 'ES'),
        ('Sweden', 'SE'), ('Switzerland', 'CH'), ('Thailand', 'TH'), ('USA', 'US'),
        ('United Arab Emirates', 'AE'), ('United Kingdom', 'GB')
) as countries (country, country_code)
