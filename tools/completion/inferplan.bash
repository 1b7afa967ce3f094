# SPDX-License-Identifier: MIT
# Completes the words of the inferplan command in bash. Commands, options and the words that options
# allow are read from the installed program's --help, so that they are always those of its release.

_inferplan()
{
    local program=$1 current=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]}
    local previous=${COMP_WORDS[COMP_CWORD - 1]}
    COMPREPLY=()

    if ((COMP_CWORD == 1)); then
        local commands
        commands=$("$program" --help 2>/dev/null |
            sed -n '/^Commands$/,/^$/s/^  \([a-z-]*\) .*/\1/p')
        mapfile -t COMPREPLY < <(compgen -W "$commands help --help --version" -- "$current")
        return
    fi

    # bash cuts --name=VALUE into three words.
    if [[ $current == '=' ]]; then
        current=
    elif [[ $previous == '=' ]]; then
        previous=${COMP_WORDS[COMP_CWORD - 2]}
    fi

    local help
    help=$("$program" "$command" --help 2>/dev/null | tr -s '\n ' '  ')

    if [[ $previous == --output || $previous == --report ]]; then
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
        return
    fi
    if [[ $previous == --* && $previous != -- ]]; then
        # "--engine WORD ... Allowed: auto|mip|decompose." up to the next option.
        local entry=${help#*" $previous "}
        [[ $entry == "$help" ]] && entry=
        entry=${entry%%" --"*}
        if [[ $entry =~ ([a-z0-9]+(\|[a-z0-9]+)+) ]]; then
            mapfile -t COMPREPLY < <(compgen -W "${BASH_REMATCH[1]//|/ }" -- "$current")
            return
        fi
        # An option that takes a value which cannot be guessed.
        [[ $entry =~ ^(N|NUMBER|PATH|PATH=VALUES?)\  ]] && return
    fi
    if [[ $current == -* ]]; then
        local options
        options=$(grep -o -e ' --[a-z][a-z-]*' <<<"$help" | sort -u)
        mapfile -t COMPREPLY < <(compgen -W "$options --help" -- "$current")
        return
    fi
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(
        compgen -d -- "$current"
        compgen -f -X '!*.json' -- "$current"
    )
}

complete -F _inferplan inferplan
