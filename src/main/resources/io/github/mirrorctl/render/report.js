'use strict';
(() => {
    const page = document.documentElement;
    const choices = [...document.querySelectorAll('[data-choose]')];

    const choose = language => {
        page.dataset.language = language;
        page.lang = language;
        choices.forEach(choice => choice.setAttribute('aria-pressed', String(choice.dataset.choose === language)));
    };
    choices.forEach(choice => choice.addEventListener('click', () => choose(choice.dataset.choose)));
    choose(page.dataset.language);

    // A page that was opened from the disk may not reach the clipboard: then the text is selected, ready for Ctrl-C.
    const select = element => {
        const range = document.createRange();
        range.selectNodeContents(element);
        const selection = window.getSelection();
        selection.removeAllRanges();
        selection.addRange(range);
    };
    document.querySelectorAll('[data-copy]').forEach(button => button.addEventListener('click', () => {
        const source = document.getElementById(button.dataset.copy);
        const done = button.parentElement.querySelector('.copied');
        const succeeded = () => { done.hidden = false; };
        select(source);
        if (navigator.clipboard) {
            navigator.clipboard.writeText(source.textContent).then(succeeded, () => document.execCommand('copy') && succeeded());
        } else if (document.execCommand('copy')) {
            succeeded();
        }
    }));
})();
