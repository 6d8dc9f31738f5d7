/** Waits for a line, allocates so that its heap is collected, says so, and waits for another line. */
public class Collects {
    static Object[] kept = new Object[128];

    public static void main(String[] args) throws Exception {
        System.out.println("ready");
        System.in.read();
        for (int i = 0; i < 4000; i++) {
            kept[i % kept.length] = new byte[100_000];
            if (i % 20 == 0) Thread.sleep(5);
        }
        System.out.println("done");
        System.in.read();
    }
}
