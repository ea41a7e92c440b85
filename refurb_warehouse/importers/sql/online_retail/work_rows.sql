-- Source rows with clean keys, and what each row is.
-- Grain: one row per source row.
with renamed as (
    select
        "Invoice" as invoice,
        "StockCode" as stock_code,
        upper(trim("StockCode")) as product_code,
        "Description" as description,
        "Quantity" as quantity,
        try_cast("Quantity" as bigint) as rounded_quantity,
        "InvoiceDate" as invoice_date,
        "Price" as price,
        try_cast("Price" as decimal(14, 4)) as rounded_price,
        regexp_replace("Customer ID", '\.0+$', '') as customer_id,
        "Country" as country
    from source.invoice_lines
),

-- A cast rounds 1.5 to 2 without a word: what it would round is no number of units, no price.
typed as (
    select
        * exclude (rounded_quantity, rounded_price),
        case when try_cast(quantity as double) = rounded_quantity then rounded_quantity end
            as units,
        case when try_cast(price as decimal(30, 12)) = rounded_price then rounded_price end
            as unit_price
    from renamed
),

judged as (
    select
        *,
        coalesce(upper(left(invoice, 1)), '') as invoice_series,
        coalesce(not regexp_full_match(product_code, '[0-9]{5}[A-Z]*'), false)
            as is_pseudo_product
    from typed
)

select
    * exclude (invoice_series, is_pseudo_product),
    case
        when invoice_series = 'A' then 'bad_debt'
        when invoice_series = 'C' and units > 0 then 'positive_return'
        when invoice_series <> 'C' and units <= 0 then 'write_off'
        when invoice_series = 'C' and is_pseudo_product then 'pseudo_return'
        when is_pseudo_product then 'pseudo_sale'
        when invoice_series = 'C' then 'return'
        else 'sale'
    end as kind
from judged
