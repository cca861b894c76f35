/* A field's values in nft's words. */
#ifndef NFT_VALUE_H
#define NFT_VALUE_H

#include "../base/buf.h"
#include "field.h"

/* As many ones, then zeros. */
void value_mask(uint8_t mask[VALUE_MAX], unsigned bits);

void value_print(struct buf *out, const struct field_info *f,
		 const uint8_t *v);
/* first to last: one value, a network, a name's prefix, or a range. */
void value_print_range(struct buf *out, const struct field_info *f,
		       const uint8_t *first, const uint8_t *last);
void value_print_prefix(struct buf *out, const struct field_info *f,
			const uint8_t *v, unsigned bits);

#endif
