DROP TABLE cost_events;
DROP TABLE reservations;
DROP TABLE budget_months;
DROP TABLE budgets;
