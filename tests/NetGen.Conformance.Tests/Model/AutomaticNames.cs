using System.Globalization;

namespace NetGen.Conformance.Tests.Model;

/// <summary>Names of layers that are given none, in one scope: stem and running number, which named ones count too.</summary>
internal sealed class AutomaticNames
{
    private readonly Dictionary<string, int> _numbers = [];

    public string Next(string stem)
    {
        int number = _numbers[stem] = _numbers.GetValueOrDefault(stem) + 1;
        return stem + number.ToString(CultureInfo.InvariantCulture);
    }
}
