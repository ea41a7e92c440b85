-- Accounts of people who asked to be erased.
-- Grain: one row per customer_id.
{{ config(materialized='table') }}

{{ erased_customers(raw('customers'), ref('stg_marketplace__erased_users')) }}
