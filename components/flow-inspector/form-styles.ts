// The looks of forms in the inspector.
import { css, type CSSResult } from 'lit';

export const formStyles: CSSResult = css`
  .act {
    display: grid;
    gap: 0.6rem;
    padding: 0.75rem;
    border: 1px solid var(--now);
    border-radius: 0.4rem;
  }
  .act p {
    margin: 0;
  }
  .act label {
    display: grid;
    gap: 0.2rem;
  }
  .act [type='checkbox'] {
    inline-size: auto;
  }
  .act textarea.short {
    min-block-size: 3rem;
  }
  .plan {
    padding-inline-start: 1.2rem;
    list-style: disc;
  }
  .act textarea {
    min-block-size: 10rem;
    resize: vertical;
  }
`;
