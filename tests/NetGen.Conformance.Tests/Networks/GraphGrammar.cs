using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Networks;

/// <summary>
/// All layers and losses of the registry, which draw of themselves; every other layer has a name that those behind it may read.
/// </summary>
internal sealed class GraphGrammar : Grammar
{
    public override Gen<string> Word(Place place) => Gen.Frequency(Registry.DrawnLayers(place));

    public override Gen<string> Words(Place place, int length) => length == 0
        ? Gen.Constant("")
        : from first in Word(place)
          from named in Gen.Elements(true, false)
          let name = FormattableString.Invariant($"{(char)('a' + place.Depth)}{length}")
          let word = named ? WithName(first, name) : first
          from rest in Words(place.Behind(place.After(word), word == first ? null : name), length - 1)
          select rest == "" ? word : word + " " + rest;

    public override Gen<string> Loss(Shape output) => Gen.Frequency(
        (1, Gen.Constant("")),
        (3, AnyLoss(Registry.DrawnLosses)),
        (1, from loss in Gen.Elements<string>(Registry.DrawnLossesWith(output)) select " " + loss));

    /// <summary>The word under a name, where it is one layer and has none.</summary>
    public static string WithName(string words, string name)
    {
        int end = words.IndexOf(' ');
        bool isBlock = words.EndsWith(']') && words.IndexOf("] ", StringComparison.Ordinal) < 0;
        if (words.Contains('@') || (end >= 0 && !isBlock))
            return words;
        string head = end < 0 ? words : words[..end];
        int colon = head.IndexOf(':');
        return words.Insert(colon < 0 ? head.Length : colon, "@" + name);
    }
}
