{%- macro warn_about_default_salt() -%}
    {#- Nothing but the warning: `env_var` would write the salt into dbt's artifacts. -#}
    {%- if execute and flags.WHICH in ('build', 'run') -%}
        {{ return(adapter.dispatch('warn_about_default_salt', 'refurb')()) }}
    {%- endif -%}
{%- endmacro -%}


{%- macro default__warn_about_default_salt() -%}
    {#- Only DuckDB sessions have a default; elsewhere keyed_hash refuses to run without a salt. -#}
{%- endmacro -%}


{%- macro duckdb__warn_about_default_salt() -%}
    {%- if run_query("select getvariable('refurb_salt_is_default')").columns[0].values()[0] -%}
        {%- do exceptions.warn(
            'REFURB_SALT is not set: identifiers of people are hashed with the public default, which '
            ~ 'anyone can undo. Set it to a long random text (openssl rand -hex 32), and keep it: '
            ~ 'docs/data-policy.md.') -%}
    {%- endif -%}
{%- endmacro -%}
