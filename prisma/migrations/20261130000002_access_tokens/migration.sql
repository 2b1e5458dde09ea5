-- What is past is found by its end: docs/decisions/024-access-tokens.md.
SET ROLE fieldgate_owner;

-- CreateIndex
CREATE INDEX "access_token_tenant_id_expires_at_idx" ON "access_token"("tenant_id", "expires_at");

-- CreateIndex
CREATE INDEX "dpop_proof_tenant_id_token_id_expires_at_idx" ON "dpop_proof"("tenant_id", "token_id", "expires_at");

-- A token that is restricted has both lists, though one be empty; any other has neither.
ALTER TABLE access_token ADD CHECK ((conditions IS NULL) = (dataset_ids IS NULL));

RESET ROLE;
