namespace NetGen.Data;

/// <summary>Images of another set, by a list of their numbers.</summary>
internal sealed class SubsetDataset(ImageDataset source, int[] indices) : ImageDataset
{
    public override int Count => indices.Length;

    public override int Channels => source.Channels;

    public override ImageShape? Shape => source.Shape;

    public override IReadOnlyList<string> ClassNames => source.ClassNames;

    public override int LabelOf(int index) => source.LabelOf(IndexOf(index));

    public override ImageShape? ShapeOf(int index) => source.ShapeOf(IndexOf(index));

    public override ImageView Read(int index, ImageBuffer buffer) => source.Read(IndexOf(index), buffer);

    public override string Describe(int index) => source.Describe(IndexOf(index));

    private int IndexOf(int index)
    {
        CheckIndex(index);
        return indices[index];
    }
}
