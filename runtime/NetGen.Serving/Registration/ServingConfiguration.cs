using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace NetGen.Serving.Registration;

/// <summary>
/// Reads options from a section of the application's configuration. It is written out, because a binder would need reflection, and take
/// no notice of a name that is misspelt.
/// </summary>
internal static class ServingConfiguration
{
    private static readonly string[] s_names =
    [
        nameof(ServingOptions.Model), nameof(ServingOptions.MaxBatch), nameof(ServingOptions.MaxDelay), nameof(ServingOptions.QueueLimit),
        nameof(ServingOptions.Workers), nameof(ServingOptions.Threads), nameof(ServingOptions.VectorWidth),
    ];

    /// <summary>Sets what the section has.</summary>
    /// <param name="options">The options.</param>
    /// <param name="section">Its keys are the names of the properties.</param>
    /// <param name="name">Whose options these are.</param>
    /// <exception cref="OptionsValidationException">
    /// A key is unknown, or a value cannot be read; the message says which and where.
    /// </exception>
    public static void Read(ServingOptions options, IConfiguration section, string name)
    {
        var complaints = new List<string>();
        foreach (IConfigurationSection entry in section.GetChildren())
        {
            if (!s_names.Contains(entry.Key, StringComparer.OrdinalIgnoreCase))
                complaints.Add($"{entry.Path} is no option of {name}; expected some of {string.Join(", ", s_names)}.");
        }
        if (section[nameof(ServingOptions.Model)] is { } model)
            options.Model = model;
        if (Whole(nameof(ServingOptions.MaxBatch)) is { } maxBatch)
            options.MaxBatch = maxBatch;
        if (Whole(nameof(ServingOptions.QueueLimit)) is { } queueLimit)
            options.QueueLimit = queueLimit;
        if (Whole(nameof(ServingOptions.Workers)) is { } workers)
            options.Workers = workers;
        if (Whole(nameof(ServingOptions.Threads)) is { } threads)
            options.Threads = threads;
        if (section[nameof(ServingOptions.MaxDelay)] is { } delay)
        {
            if (TimeSpan.TryParse(delay, CultureInfo.InvariantCulture, out TimeSpan time))
                options.MaxDelay = time;
            else
                Complain(nameof(ServingOptions.MaxDelay), delay, "a time, such as 00:00:00.002 for 2 ms");
        }
        if (section[nameof(ServingOptions.VectorWidth)] is { } width)
        {
            if (Enum.TryParse(width, ignoreCase: true, out VectorWidth vectors))
                options.VectorWidth = vectors;
            else
                Complain(nameof(ServingOptions.VectorWidth), width, $"one of {string.Join(", ", Enum.GetNames<VectorWidth>())}");
        }
        if (complaints.Count > 0)
            throw new OptionsValidationException(name, typeof(ServingOptions), complaints);

        int? Whole(string key)
        {
            if (section[key] is not { } text)
                return null;
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number))
                return number;
            Complain(key, text, "a whole number");
            return null;
        }

        void Complain(string key, string value, string expected)
            => complaints.Add($"{section.GetSection(key).Path} is '{value}'; expected {expected}.");
    }
}
