using System.Collections;
using System.Globalization;

namespace NetGen.Conformance.Tests.Model;

/// <summary>Factors of a layer or a loss, equal where all of them are.</summary>
internal sealed class Constants(IEnumerable<float> values) : IReadOnlyList<float>, IEquatable<Constants>
{
    private readonly float[] _values = [.. values];

    public int Count => _values.Length;

    public float this[int index] => _values[index];

    /// <summary>As words have them: <c>w=1/0.5</c>, nothing where there are none.</summary>
    public string Word(string prefix) =>
        Count == 0 ? "" : prefix + string.Join('/', _values.Select(v => v.ToString(CultureInfo.InvariantCulture)));

    /// <summary>As C# has them.</summary>
    public string Code => $"new[] {{ {string.Join(", ", _values.Select(v => v.ToString(CultureInfo.InvariantCulture) + "f"))} }}";

    public IEnumerator<float> GetEnumerator() => ((IEnumerable<float>)_values).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(Constants? other) => other is not null && _values.AsSpan().SequenceEqual(other._values);

    public override bool Equals(object? other) => Equals(other as Constants);

    public override int GetHashCode() => _values.Aggregate(Count, (hash, value) => HashCode.Combine(hash, value));
}
