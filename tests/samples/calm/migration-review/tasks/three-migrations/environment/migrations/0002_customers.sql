ALTER TABLE customers
    ALTER COLUMN email SET NOT NULL;
ALTER TABLE customers DROP COLUMN fax; -- nobody has one
ALTER TABLE orders ADD CONSTRAINT orders_customer
    FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID;
