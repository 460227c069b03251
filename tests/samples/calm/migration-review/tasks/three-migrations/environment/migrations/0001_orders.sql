-- A new table and its index: nobody uses it yet.
CREATE TABLE parcels (id bigserial PRIMARY KEY, order_id bigint, weight int);
CREATE INDEX parcels_order ON parcels (order_id);

CREATE INDEX orders_placed ON orders (placed_at);
CREATE INDEX CONCURRENTLY orders_state ON orders (state);
