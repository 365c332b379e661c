namespace NetGen;

/// <summary>
/// How parameters are loaded from files that another program wrote: names that differ, entries too many, parameters too few.
/// </summary>
/// <remarks>By default a file must hold exactly the network's parameters, under their names.</remarks>
/// <example>
/// <code>
/// var options = new LoadOptions
/// {
///     NameInFile = name => name == "lm_head.weight" ? "model.embed_tokens.weight" : name,
///     Ignore = entry => entry.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal),
/// };
/// </code>
/// </example>
public sealed record LoadOptions
{
    /// <summary>
    /// The name of the entry that a parameter is read from, given the parameter's name. Several parameters may be read from one entry.
    /// Null, the default, stands for the parameters' own names.
    /// </summary>
    public Func<string, string>? NameInFile { get; init; }

    /// <summary>
    /// Whether an entry that no parameter is read from may be in the file, given its name. It is asked for no others. Null, the default,
    /// stands for no: such an entry is an error.
    /// </summary>
    public Func<string, bool>? Ignore { get; init; }

    /// <summary>
    /// Whether a parameter that the file has no entry for keeps the value that it has, given the parameter's name. It is asked for no
    /// others. Null, the default, stands for no: such a parameter is an error.
    /// </summary>
    public Func<string, bool>? Keep { get; init; }
}
