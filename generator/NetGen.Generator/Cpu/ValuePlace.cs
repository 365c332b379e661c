using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Cpu;

/// <summary>Where values lie in memory: what the processor's passes know of them. The graph itself knows no layouts.</summary>
internal static class ValuePlace
{
    extension(Value of)
    {
        /// <summary>Chosen by the pass ChooseLayout; reading it before is an error of the generator.</summary>
        public Layout Layout
        {
            get => PlaceOf(of).Layout ?? throw new InvalidOperationException($"The value {of.Name} has no layout.");
            set => PlaceOf(of).Layout = value;
        }

        public bool HasLayout => PlaceOf(of).Layout is not null;

        /// <summary>
        /// For vectors that came from an image: the image whose order the elements keep in memory
        /// ([channel / 16][row][column][16]); null where the order is PyTorch's.
        /// </summary>
        public TensorShape? FlattenedFrom
        {
            get => PlaceOf(of).FlattenedFrom;
            set => PlaceOf(of).FlattenedFrom = value;
        }

        /// <summary>The value whose memory this one is, seen in another shape or part of it; chosen by the pass ChooseLayout.</summary>
        public Value? AliasOf
        {
            get => PlaceOf(of).AliasOf;
            set => PlaceOf(of).AliasOf = value;
        }

        /// <summary>Floats from the first of a sample of <see cref="AliasOf"/> to the first of this one's.</summary>
        public int AliasStart
        {
            get => PlaceOf(of).AliasStart;
            set => PlaceOf(of).AliasStart = value;
        }

        /// <summary>
        /// Its last dimension has the lanes (<see cref="LayoutKind.Positions"/>); decided by the pass <see cref="ChooseFeatureLanes"/>, for
        /// a gradient with what it is the gradient of.
        /// </summary>
        public bool HasFeatureLanes
        {
            get => PlaceOf(of.GradientOf ?? of).HasFeatureLanes;
            set => PlaceOf(of).HasFeatureLanes = value;
        }

        /// <summary>The rows that its samples have.</summary>
        public RowCount Rows
            => of.Shape.Axis is { } axis ? new(of.Layout.Height, axis) : new(of.Layout.RowsOfSample);

        /// <summary>Its positions, where samples have a number of them that is known at run time only; else the samples.</summary>
        public RowCount Each => of.Shape.HasLengths ? of.Rows : RowCount.One;

        /// <summary>The value that owns the memory.</summary>
        public Value Storage => of.AliasOf?.Storage ?? of;

        /// <summary>Floats from the first of a sample of <see cref="Storage"/> to the first of this one's.</summary>
        public int StorageStart => of.AliasOf is { } whole ? of.AliasStart + whole.StorageStart : 0;
    }

    private static Place PlaceOf(Value value) => (Place)(value.Target ??= new Place());

    private sealed class Place
    {
        public Layout? Layout { get; set; }

        public TensorShape? FlattenedFrom { get; set; }

        public Value? AliasOf { get; set; }

        public int AliasStart { get; set; }

        public bool HasFeatureLanes { get; set; }
    }
}
