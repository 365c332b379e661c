using System.Globalization;

namespace NetGen;

/// <summary>The state of a scheduler or trainer as names and texts; doubles keep all their bits.</summary>
internal sealed class ScheduleState
{
    private readonly IReadOnlyDictionary<string, string> _source;
    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);

    public ScheduleState() => _source = _values;

    public ScheduleState(IReadOnlyDictionary<string, string> source) => _source = source;

    public IReadOnlyDictionary<string, string> Values => _values;

    public void Set(string key, string value) => _values[key] = value;

    public void Set(string key, long value) => _values[key] = value.ToString(CultureInfo.InvariantCulture);

    public void Set(string key, double value) => _values[key] = value.ToString("R", CultureInfo.InvariantCulture);

    public void Set(string key, double?[] rates) =>
        _values[key] = string.Join(' ', rates.Select(rate => rate?.ToString("R", CultureInfo.InvariantCulture) ?? "-"));

    public void Expect(string key, string value)
    {
        if (Get(key) != value)
            throw new ArgumentException($"State: it is of {FileText.Shorten(Get(key))}, but this is {value}.");
    }

    public long GetCount(string key) =>
        long.TryParse(Get(key), NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw new ArgumentException($"State: '{key}' is {FileText.Quote(Get(key))}, not a whole number of at least 0.");

    /// <summary>Any number, NaN and infinities too.</summary>
    public double GetAny(string key) =>
        double.TryParse(Get(key), NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            ? value
            : throw new ArgumentException($"State: '{key}' is {FileText.Quote(Get(key))}, not a number.");

    public double GetNumber(string key) => CheckNumber(key, Get(key));

    public double?[] GetRates(string key) => [.. Get(key).Split(' ').Select(text => text == "-" ? (double?)null : CheckNumber(key, text))];

    public string GetText(string key) => Get(key);

    private string Get(string key) =>
        _source.TryGetValue(key, out string? value)
            ? value
            : throw new ArgumentException($"State: '{key}' is missing; it "
            + $"has {FileText.List([.. _source.Keys.Order(StringComparer.Ordinal)])}.");

    private static double CheckNumber(string key, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentException($"State: '{key}' has {FileText.Quote(text)}, not a finite number of at least 0.");
}
