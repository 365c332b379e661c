namespace NetGen.Data;

/// <summary>Several sets, one after the other.</summary>
internal sealed class ConcatDataset : ImageDataset
{
    private readonly ImageDataset[] _sets;
    private readonly int[] _ends;

    public ConcatDataset(ImageDataset[] sets)
    {
        long end = 0;
        var ends = new int[sets.Length];
        for (int i = 0; i < sets.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(sets[i], "others");
            if (sets[i].Channels != sets[0].Channels)
                throw new ArgumentException($"Expected images of {sets[0].Channels} channels, as in the first set, "
                    + $"got {sets[i].Channels} in set {i}.", "others");
            if (!sets[i].ClassNames.SequenceEqual(sets[0].ClassNames, StringComparer.Ordinal))
            {
                throw new ArgumentException(
                    $"Expected the classes of the first set, [{string.Join(", ", sets[0].ClassNames)}], got "
                        + $"[{string.Join(", ", sets[i].ClassNames)}] in set {i}: labels would mean different things.", "others");
            }
            end += sets[i].Count;
            if (end > Array.MaxLength)
                throw new ArgumentException($"The sets have more than {Array.MaxLength} images together.", "others");
            ends[i] = (int)end;
        }
        _sets = sets;
        _ends = ends;
        Count = (int)end;
        Shape = Array.TrueForAll(sets, set => set.Shape == sets[0].Shape) ? sets[0].Shape : null;
    }

    public override int Count { get; }

    public override int Channels => _sets[0].Channels;

    public override ImageShape? Shape { get; }

    public override IReadOnlyList<string> ClassNames => _sets[0].ClassNames;

    public override int LabelOf(int index) => Find(ref index).LabelOf(index);

    public override ImageShape? ShapeOf(int index) => Find(ref index).ShapeOf(index);

    public override ImageView Read(int index, ImageBuffer buffer) => Find(ref index).Read(index, buffer);

    public override string Describe(int index) => Find(ref index).Describe(index);

    /// <summary>The set an image is in; its number becomes that in the set.</summary>
    private ImageDataset Find(ref int index)
    {
        CheckIndex(index);
        int set = 0;
        while (index >= _ends[set])
            set++;
        if (set > 0)
            index -= _ends[set - 1];
        return _sets[set];
    }
}
